// Handwritten digits: 8×8 images, 10 classes, every seventh held out. See data/README.md for the source.
#include <cornu/cornu.h>
#include <algorithm>
#include <iostream>
using namespace cornu;

int main() {
  // 64 pixels from 0 to 16, then the label.
  Array table = load_csv(DIGITS_CSV);
  Array images({table.dim(0), 64}, DType::Float32), digits({table.dim(0)}, DType::Int32);
  for (int64_t i = 0; i < table.dim(0); ++i) {
    for (int64_t k = 0; k < 64; ++k) images.set(i * 64 + k, table.at(i * 65 + k) / 16);
    digits.set(i, table.at(i * 65 + 64));
  }
  std::vector<int64_t> train, test;
  for (int64_t i = 0; i < table.dim(0); ++i) (i % 7 ? train : test).push_back(i);
  Array x_train = images.gatherRows(train), y_train = to_categorical(digits.gatherRows(train), 10);
  Array x_test = images.gatherRows(test), y_test = to_categorical(digits.gatherRows(test), 10);

  Sequential model;
  model.add(Dense(500, {.input_shape = {64}}));
  model.add(Activation("tanh"));
  model.add(Dropout(0.5));
  model.add(Dense(500));
  model.add(Activation("tanh"));
  model.add(Dropout(0.5));
  model.add(Dense(10));
  model.add(Activation("softmax"));

  auto sgd = SGD({.learning_rate = 0.01, .momentum = 0.9, .nesterov = true, .decay = 1e-6});
  model.compile({.optimizer = sgd, .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  model.summary();
  model.fit(x_train, y_train, {.batch_size = 32, .epochs = 50, .shuffle = true});

  auto scores = model.evaluate(x_test, y_test, {.batch_size = 200});
  std::cout << "held out: loss " << scores["loss"] << ", accuracy " << scores["accuracy"] << "\n";

  Array probabilities = model.predict(x_test, {.verbose = 0});
  auto p = probabilities.span<float>();
  int64_t correct = 0;
  for (size_t i = 0; i < test.size(); ++i) {
    auto row = p.subspan(i * 10, 10);
    correct += std::max_element(row.begin(), row.end()) - row.begin() == static_cast<int64_t>(digits.at(test[i]));
  }
  std::cout << "correct by argmax: " << correct << " of " << test.size() << "\n";
}
