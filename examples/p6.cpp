// A text classifier. 0 pads sentences to 100 words; what follows the Embedding leaves it out.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto words = Input({100}, {.dtype = "int32"});
  auto x = LSTM(64)(Embedding(10000, 128, {.mask_zero = true})(words));
  x = Dense(32, {.activation = "relu"})(x);
  Model model(words, Dense(1, {.activation = "sigmoid"})(x));
  model.compile({.optimizer = "adam", .loss = "binary_crossentropy", .metrics = {"accuracy"}});
  model.summary();

  set_random_seed(1);
  auto text = initializers::RandomUniform({.minval = 0, .maxval = 10000})({320, 100}).astype(DType::Int32);
  auto labels = initializers::RandomUniform({.minval = 0, .maxval = 2})({320, 1}).astype(DType::Int32);
  model.fit(text, labels, {.batch_size = 32, .epochs = 2});
}
