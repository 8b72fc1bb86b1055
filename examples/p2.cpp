// News: two inputs, two outputs; losses for all outputs at once, then by name.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto main_input = Input({100}, {.dtype = "int32", .name = "main_input"});
  auto lstm_out = LSTM(32)(Embedding(10000, 512)(main_input));
  auto aux_output = Dense(1, {.activation = "sigmoid", .name = "aux_output"})(lstm_out);

  auto aux_input = Input({5}, {.name = "aux_input"});
  auto x = Concatenate()({lstm_out, aux_input});
  for (int i = 0; i < 3; ++i) x = Dense(64, {.activation = "relu"})(x);
  auto main_output = Dense(1, {.activation = "sigmoid", .name = "main_output"})(x);

  Model model({main_input, aux_input}, {main_output, aux_output});
  model.summary();

  set_random_seed(1);
  auto headlines = initializers::RandomUniform({.minval = 1, .maxval = 10000})({320, 100}).astype(DType::Int32);
  auto additional = initializers::RandomUniform({.minval = 0, .maxval = 1})({320, 5});
  auto labels = initializers::RandomUniform({.minval = 0, .maxval = 2})({320, 1}).astype(DType::Int32);

  model.compile({.optimizer = "rmsprop", .loss = "binary_crossentropy", .loss_weights = {1.0, 0.2}});
  model.fit({headlines, additional}, {labels, labels}, {.batch_size = 32, .epochs = 2});

  model.compile({.optimizer = "rmsprop",
                 .loss = {{"main_output", "binary_crossentropy"}, {"aux_output", "binary_crossentropy"}},
                 .loss_weights = {{"main_output", 1.0}, {"aux_output", 0.2}}});
  model.fit({{"main_input", headlines}, {"aux_input", additional}}, {{"main_output", labels}, {"aux_output", labels}}, {.batch_size = 32, .epochs = 2});
}
