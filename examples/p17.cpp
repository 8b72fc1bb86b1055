// A network like VGG, trained on images of nothing.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  set_random_seed(1);
  auto uniform = initializers::RandomUniform({.minval = 0, .maxval = 1});
  auto classes = [](int64_t rows) { return to_categorical(initializers::RandomUniform({.minval = 0, .maxval = 10})({rows, 1}).astype(DType::Int32), 10); };
  auto x_train = uniform({100, 100, 100, 3}), x_test = uniform({20, 100, 100, 3});
  auto y_train = classes(100), y_test = classes(20);

  Sequential model({.name = "vgg"});
  model.add(Conv2D(32, {3, 3}, {.activation = "relu", .input_shape = {100, 100, 3}}));
  model.add(Conv2D(32, {3, 3}, {.activation = "relu"}));
  model.add(MaxPooling2D({2, 2}));
  model.add(Dropout(0.25));

  model.add(Conv2D(64, {3, 3}, {.activation = "relu"}));
  model.add(Conv2D(64, {3, 3}, {.activation = "relu"}));
  model.add(MaxPooling2D({2, 2}));
  model.add(Dropout(0.25));

  model.add(Flatten());
  model.add(Dense(256, {.activation = "relu"}));
  model.add(Dropout(0.5));
  model.add(Dense(10, {.activation = "softmax"}));

  auto sgd = SGD({.learning_rate = 0.01, .momentum = 0.9, .nesterov = true, .decay = 1e-6});
  model.compile({.optimizer = sgd, .loss = "categorical_crossentropy"});
  model.summary();
  model.fit(x_train, y_train, {.batch_size = 32, .epochs = 2});
  model.evaluate(x_test, y_test, {.batch_size = 32});
}
