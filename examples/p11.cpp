// Classifies a sequence and tags its steps.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto inputs = Input({100, 1});
  auto features = LSTM(10, {.return_sequences = true})(inputs);
  auto hidden = Dense(10, {.activation = "relu"})(LSTM(10)(features));
  auto kind = Dense(1, {.activation = "sigmoid", .name = "kind"})(hidden);
  auto tags = TimeDistributed(Dense(1), {.name = "tags"})(features);
  Model model(inputs, {kind, tags});
  model.compile({.optimizer = "adam", .loss = {{"kind", "binary_crossentropy"}, {"tags", "mse"}}});
  model.summary();

  set_random_seed(1);
  auto data = initializers::RandomUniform({.minval = 0, .maxval = 1})({320, 100, 1});
  auto labels = initializers::RandomUniform({.minval = 0, .maxval = 2})({320, 1}).astype(DType::Int32);
  model.fit(data, {{"kind", labels}, {"tags", data}}, {.batch_size = 32, .epochs = 2});
}
