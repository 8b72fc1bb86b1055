// A binary classifier as a Sequential.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  Sequential model;
  model.add(Dense(32, {.activation = "relu", .input_dim = 100}));
  model.add(Dense(1, {.activation = "sigmoid"}));
  model.compile({.optimizer = "rmsprop", .loss = "binary_crossentropy", .metrics = {"accuracy"}});

  set_random_seed(1);
  auto data = initializers::RandomUniform({.minval = 0, .maxval = 1})({1000, 100});
  auto labels = initializers::RandomUniform({.minval = 0, .maxval = 2})({1000, 1}).astype(DType::Int32);
  model.fit(data, labels, {.batch_size = 32, .epochs = 10});
}
