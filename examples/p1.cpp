// A functional multilayer perceptron.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto inputs = Input({784});
  auto x = Dense(64, {.activation = "relu"})(inputs);
  x = Dense(64, {.activation = "relu"})(x);
  auto predictions = Dense(10, {.activation = "softmax"})(x);

  Model model(inputs, predictions);
  model.compile({.optimizer = "rmsprop", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  model.summary();

  set_random_seed(1);
  auto data = initializers::RandomUniform({.minval = 0, .maxval = 1})({2000, 784});
  auto labels = to_categorical(initializers::RandomUniform({.minval = 0, .maxval = 10})({2000}), 10);
  model.fit(data, labels, {.batch_size = 32, .epochs = 5});
}
