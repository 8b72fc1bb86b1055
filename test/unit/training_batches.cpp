// Epochs over arrays and over sources of batches: how many steps, in which order, on what.
#include <gtest/gtest.h>

#include <numeric>

#include <cornu/cornu.h>

#include "test/unit/messages.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

/// Its loss is the mean of its inputs, and training changes nothing: the history tells which rows an epoch saw.
Model witness(CompileOptions options = {}) {
  auto x = Input({1}, {.name = "x"});
  Model model(x, x * 1);
  options.optimizer = "sgd";
  options.loss = "mae";
  model.compile(options);
  return model;
}

Array upTo(int64_t count) {
  Array rows({count, 1}, DType::Float32);
  for (int64_t i = 0; i < count; ++i) rows.set(i, static_cast<double>(i));
  return rows;
}

Batch batchOf(double value, int64_t rows = 1) { return {Array::full({rows, 1}, value), Array::zeros({rows, 1})}; }

struct Recorder : Callback {
  std::vector<int64_t> begun, ended;
  std::optional<int64_t> steps;
  void on_train_begin() override { steps = params.steps; }
  void on_train_batch_begin(int64_t batch) override { begun.push_back(batch); }
  void on_train_batch_end(int64_t batch, const Logs &) override { ended.push_back(batch); }
};

} // namespace

TEST(Epochs, GoOnInTheSamePass) {
  // Six batches of two rows: epochs of four steps see 0…7, then the four rows that are left, then again 0…7.
  Model model = witness();
  History h = model.fit(upTo(12), Array::zeros({12, 1}), {.batch_size = 2, .epochs = 3, .verbose = 0, .shuffle = false, .steps_per_epoch = 4});
  EXPECT_EQ(h["loss"], (std::vector<double>{3.5, 9.5, 3.5}));
}

TEST(Epochs, StepsDecideTheSizeOfBatches) {
  Model model = witness();
  Recorder recorder;
  model.fit(upTo(10), Array::zeros({10, 1}), {.verbose = 0, .callbacks = {recorder}, .steps_per_epoch = 3});
  EXPECT_EQ(recorder.steps, 3);
  EXPECT_EQ(recorder.begun, (std::vector<int64_t>{0, 1, 2}));
  EXPECT_EQ(model.evaluate(upTo(10), Array::zeros({10, 1}), {.verbose = 0, .steps = 2})["loss"], 4.5);
  EXPECT_EQ(model.evaluate(upTo(10), Array::zeros({10, 1}), {.batch_size = 2, .verbose = 0, .steps = 2})["loss"], 1.5);
  EXPECT_EQ(model.predict(upTo(10), {.batch_size = 2, .verbose = 0, .steps = 3}).shape(), (Shape{6, 1}));
}

TEST(Epochs, ShuffledRowsAreAllSeenOnce) {
  Model model = witness();
  History h = model.fit(upTo(12), Array::zeros({12, 1}), {.batch_size = 5, .epochs = 4, .verbose = 0});
  for (double loss : h["loss"]) EXPECT_NEAR(loss, 5.5, 1e-6);
}

TEST(Epochs, StepsPerExecutionCallsBackLessOften) {
  Model model = witness({.steps_per_execution = 3});
  Recorder recorder;
  History h = model.fit(upTo(7), Array::zeros({7, 1}), {.batch_size = 1, .verbose = 0, .callbacks = {recorder}, .shuffle = false});
  EXPECT_EQ(recorder.begun, (std::vector<int64_t>{0, 3, 6}));
  EXPECT_EQ(recorder.ended, (std::vector<int64_t>{2, 5, 8}));
  EXPECT_EQ(h["loss"].front(), 3);
}

TEST(Epochs, PredictionsOfOneExecutionComeTogether) {
  Model model = witness({.steps_per_execution = 2});
  struct Parts : Callback {
    std::vector<int64_t> begun, ended, rows;
    void on_predict_batch_begin(int64_t batch) override { begun.push_back(batch); }
    void on_predict_batch_end(int64_t batch, const std::vector<Array> &outputs) override { ended.push_back(batch), rows.push_back(outputs[0].dim(0)); }
  };
  auto expectTwoExecutions = [](const Parts &parts) {
    EXPECT_EQ(parts.begun, (std::vector<int64_t>{0, 2}));
    EXPECT_EQ(parts.ended, (std::vector<int64_t>{1, 3}));
    EXPECT_EQ(parts.rows, (std::vector<int64_t>{4, 1}));
  };
  Parts ofArrays, ofBatches;
  EXPECT_EQ(model.predict(upTo(5), {.batch_size = 2, .verbose = 0, .callbacks = {ofArrays}}), upTo(5));
  expectTwoExecutions(ofArrays);
  Batches source(3, [](int64_t i) -> Batch { return {upTo(5).rows(2 * i, std::min<int64_t>(2 * i + 2, 5))}; });
  EXPECT_EQ(model.predict(source, {.verbose = 0, .callbacks = {ofBatches}}), upTo(5));
  expectTwoExecutions(ofBatches);
}

TEST(Batches, GeneratorWithoutEnd) {
  Model model = witness();
  int64_t drawn = 0;
  History h = model.fit([&] { return batchOf(static_cast<double>(drawn++)); }, {.epochs = 2, .verbose = 0, .steps_per_epoch = 3});
  EXPECT_EQ(h["loss"], (std::vector<double>{1, 4}));
  EXPECT_EQ(drawn, 6);
}

TEST(Batches, GeneratorThatStartsAgain) {
  Model model = witness();
  int64_t drawn = 0;
  auto next = [&]() -> std::optional<Batch> {
    if (drawn == 3) return drawn = 0, std::nullopt;
    return batchOf(static_cast<double>(drawn++));
  };
  Recorder recorder;
  History h = model.fit(next, {.epochs = 2, .verbose = 0, .callbacks = {recorder}});
  EXPECT_EQ(h["loss"], (std::vector<double>{1, 1}));
  EXPECT_EQ(recorder.steps, std::nullopt);
  EXPECT_EQ(recorder.ended, (std::vector<int64_t>{0, 1, 2, 0, 1, 2}));
}

TEST(Batches, GeneratorThatEndsEndsTraining) {
  Model model = witness();
  int64_t drawn = 0;
  auto next = [&]() -> std::optional<Batch> {
    if (drawn >= 3) return std::nullopt;
    return batchOf(static_cast<double>(drawn++));
  };
  ::testing::internal::CaptureStderr();
  History h = model.fit(next, {.epochs = 5, .verbose = 0, .steps_per_epoch = 2});
  EXPECT_EQ(h["loss"], (std::vector<double>{0.5, 2}));
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("fit: the data ran out after 1 steps of an epoch"), std::string::npos);
}

TEST(Batches, ByIndexAreShuffled) {
  Model model = witness();
  std::vector<int64_t> seen;
  Batches source(4, [&](int64_t i) { return seen.push_back(i), batchOf(static_cast<double>(i)); });
  set_random_seed(5);
  History h = model.fit(source, {.epochs = 8, .verbose = 0});
  for (double loss : h["loss"]) EXPECT_EQ(loss, 1.5);
  bool moved = false;
  for (size_t i = 0; i < seen.size(); ++i) moved = moved || seen[i] != static_cast<int64_t>(i % 4);
  EXPECT_TRUE(moved);
  seen.clear();
  EXPECT_EQ(model.evaluate(source, {.verbose = 0})["loss"], 1.5);
  EXPECT_EQ(seen, (std::vector<int64_t>{0, 1, 2, 3}));
}

TEST(Batches, WeightsValidationAndPrediction) {
  Model model = witness({.weighted_metrics = {"mae"}});
  Batch weighted = batchOf(3, 2);
  weighted.sample_weight = Array({1.f, 0.f}, {2});
  Batches source(std::vector<Batch>{weighted, batchOf(5)});
  History h = model.fit(source, {.verbose = 0, .validation_data = source, .shuffle = false});
  EXPECT_NEAR(h["loss"].front(), (1.5 * 2 + 5) / 3, 1e-6);
  EXPECT_NEAR(h["mae"].front(), (3.0 + 5) / 2, 1e-6);
  EXPECT_EQ(h["val_loss"], h["loss"]);
  Array predicted = model.predict(source, {.verbose = 0});
  EXPECT_EQ(predicted, Array({3.f, 3.f, 5.f}, {3, 1}));
}

TEST(Batches, ShapeAnUnbuiltModel) {
  Sequential model({Dense(1)});
  model.compile({.loss = "mse"});
  Batches source(2, [](int64_t i) -> Batch { return {Array::full({2 + i, 3}, 1), Array::zeros({2 + i, 1})}; });
  History h = model.fit(source, {.epochs = 3, .verbose = 0});
  EXPECT_LT(h["loss"].back(), h["loss"].front());
}

TEST(Batches, Messages) {
  Model model = witness();
  Batches source(1, [](int64_t) { return batchOf(1); }), none(0, [](int64_t) { return batchOf(1); });
  EXPECT_EQ(messageOf([&] { model.fit(source, {.sample_weight = Array({1.f}, {1})}); }),
            "fit: sample_weight must be part of the batches: {x, y, sample_weight}. Received: sample_weight beside them");
  EXPECT_EQ(messageOf([&] { model.fit(source, {.validation_split = 0.5}); }), "fit: validation_split takes arrays; give validation_data. Received: validation_split=0.5");
  EXPECT_EQ(messageOf([&] { model.fit(none, {.verbose = 0}); }), "fit: the source must give at least one batch. Received: none");
  EXPECT_EQ(messageOf([&] { model.predict(none, {.verbose = 0}); }), "predict: the source must give at least one batch. Received: none");
  EXPECT_EQ(messageOf([&] { model.fit(Batches(), {.verbose = 0}); }), "fit: batches must come from a function. Received: none");
  EXPECT_EQ(messageOf([&] { model.fit(source, {.steps_per_epoch = 0}); }), "fit: steps_per_epoch must be positive. Received: steps_per_epoch=0");
  EXPECT_EQ(messageOf([&] { model.fit(upTo(2), upTo(2), {.initial_epoch = -1}); }), "fit: initial_epoch must not be negative. Received: initial_epoch=-1");
  EXPECT_EQ(messageOf([&] { model.fit(upTo(2), upTo(2), {.validation_freq = {1, 0}}); }), "fit: validation_freq must be positive. Received: validation_freq=0");
  Batches wide(1, [](int64_t) -> Batch { return {Array::zeros({1, 2}), Array::zeros({1, 1})}; });
  EXPECT_NE(messageOf([&] { model.fit(wide, {.verbose = 0}); }).find("fit: x must have shape (None, 1)"), std::string::npos);
}
