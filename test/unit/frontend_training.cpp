// compile, fit, evaluate, predict: data rules, keys, and native code against the interpreter.
#include <gtest/gtest.h>

#include <cmath>

#include <cornu/cornu.h>

#include "test/unit/messages.h"

using namespace cornu;
using cornu::testing::messageOf;

namespace {

Array noise(Shape shape, uint64_t seed) { return initializers::RandomNormal({.stddev = 1, .seed = seed})(shape); }

/// Three classes that can be learnt.
Array classes(const Array &x) {
  Array labels({x.dim(0)}, DType::Int32);
  for (int64_t i = 0; i < x.dim(0); ++i) labels.set(i, x.at(i * x.dim(1)) > 0.3 ? 2 : x.at(i * x.dim(1) + 1) > 0 ? 1 : 0);
  return labels;
}

Sequential perceptron(double dropout = 0.3) {
  set_random_seed(11);
  return Sequential({Input({8}), Dense(12, {.activation = "relu", .kernel_regularizer = "l2"}), Dropout(dropout), Dense(3, {.activation = "softmax"})});
}

History trained(bool eagerly, const Array &x, const Array &y, std::vector<Array> *weights) {
  Sequential model = perceptron();
  model.compile({.optimizer = SGD({.learning_rate = 0.1, .momentum = 0.9, .nesterov = true, .decay = 1e-3}),
                 .loss = "categorical_crossentropy", .metrics = {"accuracy", "mse"}, .run_eagerly = eagerly});
  History history = model.fit(x, y, {.batch_size = 32, .epochs = 3, .verbose = 0, .validation_split = 0.2});
  *weights = model.get_weights();
  return history;
}

} // namespace

TEST(Fit, NativeCodeFollowsTheInterpreter) {
  Array x = noise({150, 8}, 5), y = to_categorical(classes(x), 3);
  std::vector<Array> native, interpreted;
  History a = trained(false, x, y, &native), b = trained(true, x, y, &interpreted);
  ASSERT_EQ(a.history.size(), 6u);
  for (size_t k = 0; k < a.history.size(); ++k) {
    EXPECT_EQ(a.history[k].first, b.history[k].first);
    for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(a.history[k].second[i], b.history[k].second[i], 1e-5) << a.history[k].first;
  }
  for (size_t w = 0; w < native.size(); ++w)
    for (int64_t i = 0; i < native[w].size(); ++i) EXPECT_NEAR(native[w].at(i), interpreted[w].at(i), 1e-5);
}

TEST(Fit, RepeatsBitForBitFromASeed) {
  Array x = noise({70, 8}, 5), y = to_categorical(classes(x), 3);
  std::vector<Array> first, second;
  trained(false, x, y, &first), trained(false, x, y, &second);
  for (size_t w = 0; w < first.size(); ++w) EXPECT_TRUE(first[w] == second[w]);
}

TEST(Fit, KeysAreSorted) {
  Array x = noise({40, 8}, 5), y = to_categorical(classes(x), 3);
  Sequential model = perceptron();
  model.compile({.loss = "categorical_crossentropy", .metrics = {"mse", "acc"}});
  History h = model.fit(x, y, {.verbose = 0, .validation_data = {x, y}});
  std::vector<std::string> keys;
  for (const auto &[key, values] : h.history) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"acc", "loss", "mse", "val_acc", "val_loss", "val_mse"}));
  Logs scores = model.evaluate(x, y, {.verbose = 0});
  EXPECT_EQ(scores[0].first, "loss");
  EXPECT_EQ(scores[1].first, "mse");
  EXPECT_EQ(scores[2].first, "acc");
  EXPECT_NEAR(scores["loss"], h["val_loss"].back(), 1e-6);
}

TEST(Fit, LossIsWeightedByTheBatch) {
  // 5 samples in batches of 4: the epoch's loss is the mean over samples.
  auto x = Input({1});
  Model model(x, x * 1);
  model.compile({.optimizer = SGD({.learning_rate = 0}), .loss = "mse"});
  Array data({0.f, 0.f, 0.f, 0.f, 5.f}, {5, 1});
  Logs scores = model.evaluate(data, Array::zeros({5, 1}), {.batch_size = 4, .verbose = 0});
  EXPECT_NEAR(scores["loss"], 5, 1e-6);
}

TEST(Fit, SeveralOutputsByName) {
  auto a = Input({4}, {.name = "a"}), b = Input({3}, {.name = "b"});
  auto hidden = Concatenate()({Dense(5)(a), b});
  Model model({a, b}, {Dense(1, {.activation = "sigmoid", .name = "main"})(hidden), Dense(2, {.name = "side"})(hidden)});
  model.compile({.loss = {{"side", "mse"}, {"main", "binary_crossentropy"}}, .loss_weights = {{"main", 1.0}, {"side", 0.2}},
                 .metrics = {{"main", {"accuracy"}}}});
  Array xa = noise({10, 4}, 1), xb = noise({10, 3}, 2), ya({10, 1}, DType::Float32), yb = noise({10, 2}, 3);
  Logs scores = model.evaluate({{"b", xb}, {"a", xa}}, {{"main", ya}, {"side", yb}}, {.verbose = 0});
  std::vector<std::string> keys;
  for (const auto &[key, value] : scores) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"loss", "main_loss", "side_loss", "main_accuracy"}));
  EXPECT_NEAR(scores["loss"], scores["main_loss"] + 0.2 * scores["side_loss"], 1e-5);
  EXPECT_EQ(model.predict_all({xa, xb}, {.verbose = 0}).size(), 2u);
  EXPECT_NE(messageOf([&] { model.compile({.loss = {{"main", "mse"}, {"sid", "mse"}}}); }).find("Known: 'main', 'side'"), std::string::npos);
  EXPECT_NE(messageOf([&] { model.compile({.loss = {{"main", "mse"}}}); }).find("Missing: 'side'"), std::string::npos);
  EXPECT_NE(messageOf([&] { model.evaluate({{"b", xb}, {"c", xa}}, {ya, yb}); }).find("x has no place for 'c'. Did you mean 'a'? Known: 'a', 'b'"), std::string::npos);
}

TEST(Fit, OwnLossMetricActivationAndSchedule) {
  auto huberish = [](const Tensor &t, const Tensor &p) {
    auto e = abs(t - p);
    return mean(where(e < 1.f, 0.5f * e * e, e - 0.5f), -1);
  };
  auto x = Input({2});
  Model model(x, Dense(1, {.activation = [](const Tensor &v) { return v * sigmoid(v); }})(x));
  model.compile({.optimizer = RMSprop({.learning_rate = schedules::ExponentialDecay(0.01, 10, 0.5)}), .loss = huberish, .metrics = {huberish}});
  Array data = noise({64, 2}, 3), target({64, 1}, DType::Float32);
  History h = model.fit(data, target, {.epochs = 5, .verbose = 0});
  EXPECT_LT(h["loss"].back(), h["loss"].front());
  EXPECT_NEAR(h["loss"].back(), h["lambda"].back(), 1e-6);
}

TEST(Fit, Callbacks) {
  struct Stopper : Callback {
    int batches = 0;
    void on_train_batch_end(int64_t, const Logs &logs) override { batches += logs.contains("loss"); }
    void on_epoch_end(int64_t epoch, Logs &logs) override {
      logs.set("extra", static_cast<double>(epoch));
      model->stop_training() = epoch == 1;
    }
  };
  Stopper stopper;
  Array x = noise({40, 8}, 5), y = to_categorical(classes(x), 3);
  Sequential model = perceptron();
  model.compile({.loss = "categorical_crossentropy"});
  History h = model.fit(x, y, {.epochs = 9, .verbose = 0, .callbacks = {stopper}});
  EXPECT_EQ(h.epoch, (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(h["extra"], (std::vector<double>{0, 1}));
  EXPECT_EQ(stopper.batches, 4);
}

TEST(Fit, FrozenLayersStay) {
  Dense first(4);
  auto x = Input({8});
  Model model(x, Dense(1)(first(x)));
  first.set_trainable(false);
  model.compile({.loss = "mse"});
  std::vector<Array> before = first.get_weights();
  model.fit(noise({32, 8}, 1), Array::zeros({32, 1}), {.verbose = 0});
  EXPECT_TRUE(before[0] == first.get_weights()[0]);
  EXPECT_EQ(model.trainable_weights().size(), 2u);
}

TEST(Fit, SharesWeightsWithSubModels) {
  auto x = Input({3});
  auto hidden = Dense(2, {.name = "hidden"})(x);
  Model model(x, Dense(1)(hidden));
  Model part(model.input(), model.get_layer("hidden").output());
  Array data = noise({16, 3}, 1);
  Array before = part.predict(data, {.verbose = 0});
  model.compile({.loss = "mse"});
  model.fit(data, Array::full({16, 1}, 3), {.epochs = 3, .verbose = 0});
  EXPECT_FALSE(before == part.predict(data, {.verbose = 0}));
}

TEST(Predict, OpsOnSymbolicTensors) {
  auto x = Input({3});
  auto y = pow(x, 2) - 2 * x + where(x > 0, x, -x) / 2.0 + max(x, 1, {.keepdims = true});
  Model model(x, y);
  Array data({1.f, -2.f, 0.5f}, {1, 3});
  Array got = model.predict(data, {.verbose = 0});
  for (int i = 0; i < 3; ++i) {
    double v = data.at(i);
    EXPECT_NEAR(got.at(i), v * v - 2 * v + std::fabs(v) / 2 + 1, 1e-5);
  }
}

TEST(Predict, LastBatchIsSmaller) {
  Sequential model = perceptron();
  Array x = noise({37, 8}, 1);
  Array whole = model.predict(x, {.batch_size = 37, .verbose = 0}), parts = model.predict(x, {.batch_size = 8, .verbose = 0});
  for (int64_t i = 0; i < whole.size(); ++i) EXPECT_NEAR(whole.at(i), parts.at(i), 1e-6);
}

TEST(Fit, Messages) {
  Sequential model = perceptron();
  Array x = noise({40, 8}, 5), y = to_categorical(classes(x), 3);
  EXPECT_NE(messageOf([&] { model.fit(x, y); }).find("fit: the model must be compiled first"), std::string::npos);
  EXPECT_NE(messageOf([&] { model.compile({.loss = "crosentropy"}); }).find("unknown loss 'crosentropy'. Did you mean 'crossentropy'?"), std::string::npos);
  EXPECT_NE(messageOf([&] { model.compile({.optimizer = "smd"}); }).find("unknown optimizer 'smd'. Did you mean 'sgd'?"), std::string::npos);
  model.compile({.loss = "categorical_crossentropy"});
  EXPECT_EQ(messageOf([&] { model.fit(x.rows(0, 30), y); }), "fit: x has 30 samples but y has 40");
  EXPECT_NE(messageOf([&] { model.fit(noise({40, 7}, 1), y); }).find("fit: x must have shape (None, 8)"), std::string::npos);
  EXPECT_NE(messageOf([&] { model.fit(x, Array::zeros({40, 4})); }).find("y_true must have the shape of y_pred, (None, 3)"), std::string::npos);
  EXPECT_NE(messageOf([&] { model.fit(x, y, {.batch_size = 0}); }).find("batch_size must be positive. Received: batch_size=0"), std::string::npos);
  EXPECT_NE(messageOf([&] { model.fit(x, y, {.validation_split = 1}); }).find("validation_split must be in [0, 1)"), std::string::npos);
  EXPECT_NE(messageOf([&] { model.fit({x, x}, y); }).find("fit: x must have 1 array"), std::string::npos);
}
