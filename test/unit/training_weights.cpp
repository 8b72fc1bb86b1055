// Sample and class weights, weighted metrics, keys, and losses and metrics that layers add. Keras's numbers: goldens.cpp.
#include <gtest/gtest.h>

#include <cmath>

#include <cornu/cornu.h>

#include "test/unit/messages.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

Array noise(Shape shape, uint64_t seed) { return initializers::RandomNormal({.stddev = 1, .seed = seed})(shape); }

/// Two outputs, "a" (batch, 2) and "b" (batch, 1), of one input.
Model twoOutputs() {
  set_random_seed(3);
  auto x = Input({4}, {.name = "x"});
  auto hidden = Dense(5, {.activation = "tanh"})(x);
  return Model(x, {Dense(2, {.name = "a"})(hidden), Dense(1, {.activation = "sigmoid", .name = "b"})(hidden)});
}

Model identity(Shape shape) {
  auto x = Input(std::move(shape), {.name = "x"});
  return Model(x, x * 1);
}

std::vector<std::string> keysOf(const Logs &logs) {
  std::vector<std::string> keys;
  for (const auto &[key, value] : logs) keys.push_back(key);
  return keys;
}

/// Adds its input's mean square to the loss and reports its mean.
struct Penalty : Layer<Penalty> {
  double factor;
  explicit Penalty(double factor) : factor(factor) {}
  Tensor call(const Tensor &x) {
    add_loss(factor * square(x));
    add_metric(x, "activity");
    return x;
  }
};

} // namespace

TEST(SampleWeight, OnesChangeNothing) {
  Array x = noise({37, 4}, 1), a = noise({37, 2}, 2), b = noise({37, 1}, 3), ones = Array::full({37}, 1);
  std::vector<std::vector<Array>> weights;
  for (bool weighted : {false, true}) {
    Model model = twoOutputs();
    model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {"mae", "mae"}, .weighted_metrics = {"mse", "mse"}});
    model.fit(x, {a, b}, {.batch_size = 16, .epochs = 2, .verbose = 0, .shuffle = false, .sample_weight = weighted ? Data(ones) : Data()});
    weights.push_back(model.get_weights());
  }
  for (size_t w = 0; w < weights[0].size(); ++w)
    for (int64_t i = 0; i < weights[0][w].size(); ++i) EXPECT_NEAR(weights[0][w].at(i), weights[1][w].at(i), 1e-6);
}

TEST(SampleWeight, DividesByTheNumberOfSamples) {
  Model model = identity({1});
  model.compile({.loss = "mse", .metrics = {"mse"}, .weighted_metrics = {"mse"}});
  Array data({1.f, 2.f, 3.f}, {3, 1}), zeros = Array::zeros({3, 1});
  Logs logs = model.evaluate(data, zeros, {.batch_size = 2, .verbose = 0, .sample_weight = Array({1.f, 0.f, 2.f}, {3})});
  EXPECT_EQ(keysOf(logs), (std::vector<std::string>{"loss", "mse", "weighted_mse"}));
  EXPECT_NEAR(logs["loss"], (1 + 0 + 18) / 3.0, 1e-6);
  EXPECT_NEAR(logs["mse"], (1 + 4 + 9) / 3.0, 1e-6);
  EXPECT_NEAR(logs["weighted_mse"], (1 + 0 + 18) / 3.0, 1e-6);
  EXPECT_EQ(model.evaluate(data, zeros, {.verbose = 0, .sample_weight = Array::zeros({3})})["weighted_mse"], 0);
}

TEST(SampleWeight, NativeCodeFollowsTheInterpreter) {
  Array x = noise({21, 4}, 1), a = noise({21, 2}, 2), b = to_categorical(Array::zeros({21}, DType::Int32), 1), w({21}, DType::Float32);
  for (int64_t i = 0; i < 21; ++i) w.set(i, static_cast<double>(i % 4) / 2);
  std::vector<Logs> logs;
  for (bool eagerly : {false, true}) {
    Model model = twoOutputs();
    model.compile({.optimizer = "sgd", .loss = {losses::MeanSquaredError({.reduction = "mean_with_sample_weight"}), "binary_crossentropy"},
                   .weighted_metrics = {{"b", {metrics::AUC({.num_thresholds = 11}), metrics::Precision()}}}, .run_eagerly = eagerly});
    model.fit(x, {a, b}, {.batch_size = 8, .epochs = 2, .verbose = 0, .shuffle = false, .sample_weight = {{"b", w}, {"a", Array::full({21, 1}, 0.5)}}});
    logs.push_back(model.evaluate(x, {a, b}, {.verbose = 0, .sample_weight = w}));
  }
  ASSERT_EQ(logs[0].size(), 5u);
  for (size_t i = 0; i < 5; ++i) EXPECT_NEAR(logs[0][i].second, logs[1][i].second, 1e-5) << logs[0][i].first;
}

TEST(SampleWeight, Messages) {
  Model model = twoOutputs();
  model.compile({.loss = "mse"});
  Array x = noise({8, 4}, 1), a = noise({8, 2}, 2), b = noise({8, 1}, 3), w = Array::full({8}, 1);
  auto fitting = [&](Data weights, ClassWeight classes = {}) { return messageOf([&] { model.fit(x, {a, b}, {.sample_weight = weights, .class_weight = classes}); }); };
  EXPECT_EQ(fitting(w.rows(0, 7)), "fit: sample_weight 'a' must hold as many rows as there are samples, 8. Received: 7");
  EXPECT_EQ(fitting({w, w, w}), "fit: sample_weight must have 2 arrays ('a', 'b'). Received: 3");
  EXPECT_EQ(fitting({{"a", w}}), "fit: sample_weight lacks 'b'. Known: 'a', 'b'");
  EXPECT_NE(fitting(Array::full({8, 2}, 1)).find("as one array for several outputs must hold one weight for each sample"), std::string::npos);
  EXPECT_EQ(fitting({Array::full({8, 3}, 1), w}),
            "fit: output 'a': sample_weight must hold a weight for each value of the loss, whose shape is (None,). Received: shape=(None, 3)");
  EXPECT_EQ(fitting({}, {{0, 2}}), "fit: class_weight takes a model with a single output. Known: 'a', 'b'");
  EXPECT_EQ(fitting(w, {{0, 2}}), "fit: sample_weight and class_weight cannot be given together");

  Model steps = identity({3, 2});
  steps.compile({.loss = "mse"});
  Array grid = noise({5, 3, 2}, 1);
  EXPECT_NE(messageOf([&] { steps.evaluate(grid, grid, {.sample_weight = Array::full({5}, 1)}); }).find("whose shape is (None, 3). Received: shape=(None,)"),
            std::string::npos);
  EXPECT_EQ(messageOf([&] { steps.train_on_batch(grid, grid, {.class_weight = {{0, 2}}}); }),
            "train_on_batch: class_weight takes targets of one class a sample, of shape (None,), (None, 1) or (None, classes). Received: shape=(5, 3, 2)");
  steps.compile({.loss = "mse", .weighted_metrics = {metrics::Precision()}});
  EXPECT_NE(messageOf([&] { steps.evaluate(grid, grid, {.sample_weight = Array::full({5, 3, 2}, 1)}); }).find("sample_weight must hold a weight for each value"),
            std::string::npos);
}

TEST(ClassWeight, ByLabelOrLargest) {
  Model model = identity({2});
  model.compile({.optimizer = SGD({.learning_rate = 0}), .loss = losses::MeanAbsoluteError({.reduction = "sum"})});
  Array x = Array::zeros({2, 2}), hot({0.f, 1.f, 1.f, 0.f}, {2, 2});
  EXPECT_NEAR(model.train_on_batch(x, hot, {.class_weight = {{1, 10}}})["loss"], 0.5 * 10 + 0.5, 1e-6);
  Model one = identity({1});
  one.compile({.optimizer = SGD({.learning_rate = 0}), .loss = losses::MeanAbsoluteError({.reduction = "sum"})});
  EXPECT_NEAR(one.train_on_batch(Array::zeros({2, 1}), Array({2.f, 1.f}, {2, 1}), {.class_weight = {{1, 10}, {2, 100}}})["loss"], 210, 1e-4);
}

TEST(Batch, MetricsGoOnUnlessReset) {
  Model model = identity({1});
  model.compile({.optimizer = SGD({.learning_rate = 0}), .loss = "mse"});
  Array zeros = Array::zeros({1, 1});
  EXPECT_EQ(model.test_on_batch(Array::full({1, 1}, 2), zeros)["loss"], 4);
  EXPECT_EQ(model.test_on_batch(zeros, zeros, {.reset_metrics = false})["loss"], 2);
  EXPECT_EQ(model.test_on_batch(zeros, zeros)["loss"], 0);
}

TEST(Compile, KeysAreNumberedAsKerasDoes) {
  Model model = twoOutputs();
  model.compile({.loss = "mse", .metrics = {{"a", {"mse", "mse"}}, {"b", "mae"}}, .weighted_metrics = {{"a", {"mse", "mse"}}}});
  EXPECT_EQ(model.metrics_names(), (std::vector<std::string>{"loss", "a_loss", "b_loss", "a_mse", "a_mse_1", "a_weighted_mse", "a_weighted_mse_1", "b_mae"}));
  model.compile({.loss = {"mse", nullptr}});
  EXPECT_EQ(model.metrics_names(), (std::vector<std::string>{"loss", "a_mse", "a_mse_1", "a_weighted_mse", "a_weighted_mse_1", "b_mae"}));
}

TEST(Compile, Messages) {
  Model model = twoOutputs();
  EXPECT_EQ(messageOf([&] { model.compile({.loss = "mse", .weighted_metrics = {{"aa", {"mse"}}}}); }),
            "compile: weighted_metrics names the output 'aa', which the model does not have. Did you mean 'a'? Known: 'a', 'b'");
  EXPECT_NE(messageOf([&] { model.compile({.loss = {"mse", "mse"}, .loss_weights = 0.5}); }).find("loss_weights as one number takes one loss"), std::string::npos);
  EXPECT_NE(messageOf([&] { model.compile({.loss = "mse", .run_eagerly = true, .jit_compile = true}); }).find("run_eagerly and jit_compile exclude each other"),
            std::string::npos);
  EXPECT_NE(messageOf([&] { model.compile({.loss = "mse", .steps_per_execution = 0}); }).find("steps_per_execution must be positive. Received: 0"), std::string::npos);
  Array x = noise({4, 4}, 1);
  model.compile({.metrics = {{"b", "mae"}}});
  EXPECT_EQ(messageOf([&] { model.evaluate(x, {}); }), "evaluate: there is no loss: give one to compile(), or have a layer add one");
  model.compile({.loss = "mse"});
  EXPECT_EQ(messageOf([&] { model.evaluate(x, {}); }), "evaluate: output 'a': a loss needs targets: y must be given");
}

TEST(Compile, WhatIsNotGivenAgainStays) {
  auto x = Input({1});
  Model model(x, Dense(1)(x));
  EXPECT_TRUE(model.get_compile_config().isNull());
  model.compile({.loss = "mae", .loss_weights = {2.0}, .metrics = {"mse"}});
  model.compile({.optimizer = "sgd"});
  EXPECT_EQ(keysOf(model.evaluate(Array::zeros({2, 1}), Array::zeros({2, 1}), {.verbose = 0})), (std::vector<std::string>{"loss", "mse"}));
  EXPECT_TRUE(model.get_compile_config().at("loss").isNull()); // as Keras writes it
  EXPECT_EQ(model.get_compile_config().at("optimizer").at("class_name"), Json("SGD"));
  model.compile({.weighted_metrics = {"mae"}});
  EXPECT_EQ(model.metrics_names(), (std::vector<std::string>{"loss", "mae"}));
  EXPECT_EQ(model.compile_options().loss_weights.serialize(), Json::list({2.0}));
}

TEST(Compile, NoWeightLearns) {
  Model model = identity({1});
  model.compile({.loss = "mse"});
  EXPECT_EQ(model.train_on_batch(Array::full({1, 1}, 2), Array::zeros({1, 1}))["loss"], 4); // as Keras: measured, nothing to update
  auto x = Input({2});
  Model stopped(x, stop_gradient(Dense(1)(x)));
  stopped.compile({.loss = "mse"});
  EXPECT_NE(messageOf([&] { stopped.fit(noise({2, 2}, 1), Array::zeros({2, 1}), {.verbose = 0}); }).find("the loss must depend on at least one trainable weight"),
            std::string::npos);
}

TEST(AddLoss, AloneTrainsAModel) {
  auto x = Input({3});
  Dense dense(2, {.use_bias = false});
  Model model(x, Penalty(0.5)(dense(x)));
  model.compile({.optimizer = SGD({.learning_rate = 0.01})});
  Array data = noise({10, 3}, 1), out = model.predict(data, {.verbose = 0});
  double squares = 0, total = 0;
  for (int64_t i = 0; i < out.size(); ++i) squares += out.at(i) * out.at(i), total += out.at(i);
  Logs logs = model.evaluate(data, {}, {.batch_size = 10, .verbose = 0});
  EXPECT_EQ(keysOf(logs), (std::vector<std::string>{"loss", "activity"}));
  EXPECT_NEAR(logs["loss"], 0.5 * squares, 1e-4);
  EXPECT_NEAR(logs["activity"], total / 20, 1e-5);
  History history = model.fit(data, {}, {.epochs = 5, .verbose = 0});
  EXPECT_LT(history["loss"].back(), history["loss"].front());
  EXPECT_EQ(history["activity"].size(), 5u);
}

TEST(AddLoss, OnlyInsideCall) {
  struct Early : Layer<Early> {
    Tensor call(const Tensor &x) { return x; }
    void misuse() { add_loss(Tensor(1)); }
    void misuseMetric() { add_metric(Tensor(1), "m"); }
  };
  Early layer;
  EXPECT_NE(messageOf([&] { layer.misuse(); }).find("add_loss can be called only inside call"), std::string::npos);
  EXPECT_NE(messageOf([&] { layer.misuseMetric(); }).find("add_metric can be called only inside call"), std::string::npos);
}
