// Callbacks: beside Keras where they decide, and what they write, print and refuse.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <limits>

#include <cornu/cornu.h>

#include "frontend/utils/format_fields.h"
#include "test/unit/files_testing.h"
#include "test/unit/messages.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

/// What `f` prints.
template <class F> std::string printed(F f) {
  ::testing::internal::CaptureStdout();
  try {
    f();
  } catch (...) {
    ::testing::internal::GetCapturedStdout();
    throw;
  }
  std::fflush(stdout);
  return ::testing::internal::GetCapturedStdout();
}
template <class F> std::string warned(F f) {
  ::testing::internal::CaptureStderr();
  f();
  return ::testing::internal::GetCapturedStderr();
}

/// One weight w of y = w x, at first 1.
template <class O> Model line(const O &optimizer, MetricsArgument metrics = {}) {
  auto x = Input({1});
  Model model(x, Dense(1, {.use_bias = false, .kernel_initializer = "ones"})(x));
  model.compile({.optimizer = optimizer, .loss = "mse", .metrics = std::move(metrics)});
  return model;
}
Array ones(int64_t rows) { return Array::full({rows, 1}, 1); }

const Json &goldens() {
  static const Json json = Json::parse(bytesOf(readFile(std::string(CORNU_GOLDENS) + "/callbacks.json")), "callbacks.json");
  return json;
}
std::optional<double> optional(const Json &json) { return json.isNull() ? std::nullopt : std::optional(json.asDouble()); }

/// Shows a callback the values one by one, with the epoch's number as the model's only weight.
template <class F> void drive(Callback &callback, Model &model, const Json &values, F observe) {
  callback.model = &model;
  model.stop_training() = false;
  callback.on_train_begin();
  for (size_t epoch = 0; epoch < values.size(); ++epoch) {
    model.set_weights({Array::full({1, 1}, static_cast<double>(epoch))});
    Logs logs = {{"loss", values.at(epoch).asDouble()}};
    callback.on_epoch_end(static_cast<int64_t>(epoch), logs);
    observe(epoch);
  }
  callback.on_train_end({});
}

} // namespace

TEST(EarlyStopping, AsKeras) {
  Model model = line(SGD());
  for (const Json &golden : goldens().at("early_stopping").asList()) {
    const Json &o = golden.at("options");
    EarlyStopping early({.monitor = "loss", .min_delta = o.at("min_delta").asDouble(), .patience = o.at("patience").asInt(), .mode = o.at("mode").asString(),
                         .baseline = optional(o.at("baseline")), .restore_best_weights = o.at("restore_best_weights").asBool(),
                         .start_from_epoch = o.at("start_from_epoch").asInt()});
    drive(early, model, golden.at("values"), [&](size_t epoch) {
      Json seen = Json::list({early.wait, early.best_epoch, early.stopped_epoch, model.stop_training()});
      ASSERT_EQ(seen, golden.at("seen").at(epoch)) << "epoch " << epoch << " of " << golden.dump();
    });
    EXPECT_EQ(model.get_weights()[0].at(0), golden.at("weights").asDouble()) << o.dump();
  }
}

TEST(EarlyStopping, EndsFitAndRestores) {
  // The rate throws the weight to and fro ever farther: the first epoch is the best.
  Model model = line(SGD({.learning_rate = 1.5}));
  EarlyStopping early({.monitor = "loss", .patience = 2, .verbose = 1, .restore_best_weights = true});
  History history;
  std::string text = printed([&] { history = model.fit(ones(4), Array::zeros({4, 1}), {.epochs = 10, .verbose = 0, .callbacks = {early}}); });
  EXPECT_EQ(history.epoch.size(), 3u);
  EXPECT_EQ(text, "Epoch 3: early stopping\nRestoring model weights from the end of the best epoch: 1.\n");
  EXPECT_EQ(early.stopped_epoch, 2);
  EXPECT_NEAR(model.get_weights()[0].at(0), -2, 1e-5);
}

TEST(EarlyStopping, WarnsOfAMissingValue) {
  Model model = line(SGD(), {"mae"});
  auto fit = [&] { model.fit(ones(4), ones(4), {.verbose = 0, .callbacks = {EarlyStopping({.monitor = "val_mae"})}}); };
  EXPECT_EQ(warned(fit), "warning: Early stopping conditioned on metric `val_mae` which is not available. Available metrics are: loss,mae\n");
}

TEST(Monitor, Messages) {
  EXPECT_EQ(messageOf([] { EarlyStopping({.mode = "maximum"}); }), "EarlyStopping: mode must be 'auto', 'min' or 'max'. Received: mode='maximum'");
  Model model = line(SGD(), {"accuracy", [](const Tensor &t, const Tensor &p) { return abs(t - p); }});
  auto watch = [&](const char *monitor, const char *mode = "auto") {
    return messageOf([&] { model.fit(ones(2), ones(2), {.verbose = 0, .callbacks = {EarlyStopping({.monitor = monitor, .mode = mode})}}); });
  };
  EXPECT_NE(watch("lambda").find("EarlyStopping: with mode 'auto' the monitor must be 'loss' or a metric that is known to grow or to shrink"), std::string::npos);
  EXPECT_EQ(watch("lambda", "min"), "no UserError");
  EXPECT_EQ(watch("accuracy"), "no UserError");
}

TEST(ReduceLROnPlateau, AsKeras) {
  for (const Json &golden : goldens().at("reduce_lr_on_plateau").asList()) {
    Model model = line(SGD({.learning_rate = 0.5}));
    const Json &o = golden.at("options");
    ReduceLROnPlateau reduce({.monitor = "loss", .factor = o.at("factor").asDouble(), .patience = o.at("patience").asInt(), .mode = o.at("mode").asString(),
                              .min_delta = o.at("min_delta").asDouble(), .cooldown = o.at("cooldown").asInt(), .min_lr = o.at("min_lr").asDouble()});
    drive(reduce, model, golden.at("values"), [&](size_t epoch) {
      Json seen = Json::list({reduce.wait, reduce.cooldown_counter, model.optimizer().learning_rate()});
      ASSERT_EQ(seen, golden.at("seen").at(epoch)) << "epoch " << epoch << " of " << golden.dump();
    });
  }
}

TEST(ReduceLROnPlateau, InFit) {
  Model model = line(SGD({.learning_rate = 0.5}));
  ReduceLROnPlateau reduce({.monitor = "loss", .factor = 0.1, .patience = 1, .verbose = 1, .min_delta = 10});
  History history;
  std::string text = printed([&] { history = model.fit(ones(4), ones(4), {.epochs = 2, .verbose = 0, .callbacks = {reduce}}); });
  EXPECT_EQ(text, "\nEpoch 2: ReduceLROnPlateau reducing learning rate to 0.05.\n");
  EXPECT_EQ(history["learning_rate"], (std::vector<double>{0.5, 0.5}));
  EXPECT_FLOAT_EQ(static_cast<float>(model.optimizer().learning_rate()), 0.05f);

  EXPECT_EQ(messageOf([] { ReduceLROnPlateau({.factor = 1}); }), "ReduceLROnPlateau: factor must be less than 1. Received: factor=1.0");
  auto missing = [&] { model.fit(ones(4), ones(4), {.verbose = 0, .callbacks = {ReduceLROnPlateau()}}); };
  EXPECT_EQ(warned(missing), "warning: Learning rate reduction is conditioned on metric `val_loss` which is not available. Available metrics are: "
                             "loss,learning_rate.\n");
}

TEST(LearningRateScheduler, SetsTheRateOfEachEpoch) {
  Model model = line(SGD({.learning_rate = 0.5}));
  std::vector<double> given;
  LearningRateScheduler halve([&](int64_t epoch, double rate) { return given.push_back(rate), epoch ? rate / 2 : rate; }, {.verbose = 1});
  History history;
  std::string text = printed([&] { history = model.fit(ones(4), ones(4), {.epochs = 3, .verbose = 0, .callbacks = {halve}}); });
  EXPECT_EQ(given, (std::vector<double>{0.5, 0.5, 0.25}));
  EXPECT_EQ(history["learning_rate"], (std::vector<double>{0.5, 0.25, 0.125}));
  EXPECT_EQ(text, "\nEpoch 1: LearningRateScheduler setting learning rate to 0.5.\n\nEpoch 2: LearningRateScheduler setting learning rate to 0.25.\n"
                  "\nEpoch 3: LearningRateScheduler setting learning rate to 0.125.\n");
  EXPECT_NE(messageOf([] { LearningRateScheduler(nullptr); }).find("schedule must be a function"), std::string::npos);

  Model scheduled = line(SGD({.learning_rate = schedules::ExponentialDecay(0.5, 1, 0.5)}));
  auto fit = [&] { scheduled.fit(ones(4), ones(4), {.verbose = 0, .callbacks = {halve}}); };
  EXPECT_NE(messageOf([&] { printed(fit); }).find("the learning rate is a schedule and cannot be set"), std::string::npos);
  EXPECT_EQ(scheduled.optimizer().learning_rate(), 0.5);
  scheduled.fit(ones(4), ones(4), {.batch_size = 2, .verbose = 0});
  EXPECT_EQ(scheduled.optimizer().learning_rate(), 0.125);
}

TEST(ModelCheckpoint, SavesByTemplate) {
  TemporaryFolder folder;
  Model model = line(SGD());
  ModelCheckpoint each(folder / "new/model-ep{epoch:03d}-loss{loss:.3f}-val_loss{val_loss:.3f}.keras");
  model.fit(ones(4), ones(4), {.epochs = 2, .verbose = 0, .callbacks = {each}, .validation_data = {ones(2), Array::zeros({2, 1})}});
  for (const char *name : {"001", "002"}) {
    Model saved = load_model(folder / ("new/model-ep" + std::string(name) + "-loss0.000-val_loss1.000.keras"));
    EXPECT_EQ(saved.get_weights()[0].at(0), 1);
  }
  ModelCheckpoint batches(folder / "{epoch}-{batch}.weights.h5", {.save_weights_only = true, .save_freq = 3});
  model.fit(ones(8), ones(8), {.batch_size = 2, .epochs = 2, .verbose = 0, .callbacks = {batches}});
  EXPECT_TRUE(std::filesystem::exists(folder / "1-3.weights.h5"));
  EXPECT_TRUE(std::filesystem::exists(folder / "2-2.weights.h5"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path), {}), 3);
  model.fit(ones(8), ones(8), {.epochs = 5, .verbose = 0, .callbacks = {ModelCheckpoint(folder / "second/{epoch}.keras", {.period = 2})}});
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "second"), {}), 2);
}

TEST(ModelCheckpoint, SavesOnlyTheBest) {
  TemporaryFolder folder;
  Model model = line(SGD({.learning_rate = 1.5}));
  ModelCheckpoint best(folder / "best.keras", {.monitor = "loss", .verbose = 1, .save_best_only = true});
  std::string text = printed([&] { model.fit(ones(4), Array::zeros({4, 1}), {.epochs = 2, .verbose = 0, .callbacks = {best}}); });
  std::string path = folder / "best.keras";
  EXPECT_EQ(text, "\nEpoch 1: loss improved from None to 1.00000, saving model to " + path + "\n\nEpoch 1: finished saving model to " + path +
                      "\n\nEpoch 2: loss did not improve from 1.00000\n");
  EXPECT_NEAR(load_model(path).get_weights()[0].at(0), -2, 1e-5);
  ModelCheckpoint threshold(folder / "none.keras", {.monitor = "loss", .save_best_only = true, .initial_value_threshold = 1e-3});
  model.fit(ones(4), Array::zeros({4, 1}), {.verbose = 0, .callbacks = {threshold}});
  EXPECT_FALSE(std::filesystem::exists(folder / "none.keras"));
  auto missing = [&] { model.fit(ones(4), ones(4), {.verbose = 0, .callbacks = {ModelCheckpoint(path, {.save_best_only = true})}}); };
  EXPECT_EQ(warned(missing), "warning: Can save best model only with val_loss available.\n");
}

TEST(ModelCheckpoint, Messages) {
  EXPECT_EQ(messageOf([] { ModelCheckpoint("a.h5", {.save_weights_only = true}); }),
            "ModelCheckpoint: with save_weights_only=true the filepath must end in '.weights.h5'. Received: filepath='a.h5'");
  EXPECT_EQ(messageOf([] { ModelCheckpoint("a.txt"); }), "ModelCheckpoint: with save_weights_only=false the filepath must end in '.keras'. Received: filepath='a.txt'");
  EXPECT_EQ(messageOf([] { ModelCheckpoint("a.keras", {.save_freq = "epochs"}); }), "save_freq must be 'epoch' or a number of batches. Received: save_freq='epochs'");
  EXPECT_EQ(messageOf([] { ModelCheckpoint("a.keras", {.save_freq = 0}); }), "save_freq must be 'epoch' or a positive number of batches. Received: save_freq=0");
  EXPECT_EQ(messageOf([] { ModelCheckpoint("a.keras", {.period = 0}); }), "ModelCheckpoint: period must be positive. Received: period=0");
  Model model = line(SGD());
  auto save = [&](const std::string &path) {
    return messageOf([&] { model.fit(ones(2), ones(2), {.verbose = 0, .callbacks = {ModelCheckpoint(path)}}); });
  };
  EXPECT_EQ(save("{epohc}.keras"), "ModelCheckpoint: '{epohc}.keras' names 'epohc', of which nothing is known. Did you mean 'epoch'? Known: 'epoch', 'loss'");
  EXPECT_EQ(save("{epoch.keras"), "ModelCheckpoint: braces must come in pairs; '{{' stands for one. Received: '{epoch.keras'");
  EXPECT_EQ(save("{loss:3d}.keras"), "ModelCheckpoint: a float has no format 'd'. Received: {loss:3d}");
  EXPECT_EQ(save("{epoch:.3d}.keras"), "ModelCheckpoint: an integer's format has no precision. Received: {epoch:.3d}");
  EXPECT_NE(save("{loss:3q}.keras").find("a field's format must be [[fill]align][sign][0][width][.precision][type]"), std::string::npos);
  TemporaryFolder folder;
  std::filesystem::create_directory(folder / "a.keras");
  EXPECT_NE(environmentError([&] { save(folder / "a.keras"); }).find("is a folder where ModelCheckpoint is to write a file"), std::string::npos);
  writeFast(folder / "file", "");
  EXPECT_NE(environmentError([&] { save(folder / "file/a.keras"); }).find("file: cannot be made: "), std::string::npos);
}

TEST(FormatFields, AsPython) {
  const Json &format = goldens().at("format");
  for (const Json &pair : format.at("patterns").asList())
    EXPECT_EQ(formatFields(pair.at(size_t(0)).asString(), format.at("fields").asObject()), pair.at(1).asString()) << pair.dump();
}

TEST(CSVLogger, WritesAsPython) {
  TemporaryFolder folder;
  std::string path = folder / "log.csv";
  auto text = [&] { return std::string(bytesOf(readFile(path))); };
  CSVLogger log(path);
  log.on_train_begin();
  Logs first = {{"loss", 0.5}, {"a,\"c\"", 1e-7}}, second = {{"loss", 2}, {"val_loss", 1}};
  log.on_epoch_end(0, first), log.on_epoch_end(1, second), log.on_train_end({});
  EXPECT_EQ(text(), "epoch,\"a,\"\"c\"\"\",loss,\"val_a,\"\"c\"\"\",val_loss\r\n0,1e-07,0.5,NA,NA\r\n1,NA,2.0,NA,1.0\r\n");

  Model model = line(SGD());
  CSVLogger more(path, {.separator = ";"});
  model.fit(ones(2), ones(2), {.epochs = 2, .verbose = 0, .callbacks = {more}, .validation_data = {ones(2), Array::zeros({2, 1})}});
  EXPECT_EQ(text(), "epoch;loss;val_loss\r\n0;0.0;1.0\r\n1;0.0;1.0\r\n");
  model.fit(ones(2), ones(2), {.verbose = 0, .callbacks = {CSVLogger(path, {.append = true})}});
  EXPECT_EQ(text(), "epoch;loss;val_loss\r\n0;0.0;1.0\r\n1;0.0;1.0\r\n0,0.0,NA\r\n");
  EXPECT_EQ(messageOf([] { CSVLogger("a", {.separator = ""}); }), "CSVLogger: separator must be one character. Received: separator=''");
  EXPECT_NE(environmentError([&] { CSVLogger(folder / "no/log.csv").on_train_begin(); }).find("no/log.csv: cannot be written: No such file"), std::string::npos);
}

TEST(Callbacks, MetricsWithSeveralNumbers) {
  TemporaryFolder folder;
  auto x = Input({1});
  Model model(x, Activation("linear")(x));
  model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {metrics::Precision({.name = "p", .threshold = {0.2, 0.5}})}});
  Array data({0.3f, 0.3f, 0.7f}, {3, 1}), target({0.f, 1.f, 1.f}, {3, 1});
  std::string path = folder / "log.csv";
  History history;
  std::string text = printed([&] { history = model.fit(data, target, {.epochs = 2, .verbose = 2, .callbacks = {CSVLogger(path)}}); });
  std::vector<double> both = {static_cast<double>(2 / 3.f), 1};
  EXPECT_EQ(history.lists("p"), (std::vector{both, both}));
  EXPECT_NE(text.find("p: 0.8333"), std::string::npos) << text; // their mean, as in Keras
  EXPECT_NE(std::string(bytesOf(readFile(path))).find("\"\"\"[0.6666667, 1.0]\"\"\""), std::string::npos);
  Logs logs = model.evaluate(data, target, {.verbose = 0});
  EXPECT_EQ(logs.at("p").list(), both);
  EXPECT_EQ(messageOf([&] { logs["p"]; }), "'p' must be one number here. Received: a list of 2");
  EXPECT_EQ(messageOf([&] { logs.at("q"); }), "the logs have no 'q'. Known: 'loss', 'p'");
  EXPECT_EQ(messageOf([&] { static_cast<void>(static_cast<double>(logs.at("p"))); }), "a number is needed where a metric has several. Received: 2 of them");
  EXPECT_EQ(messageOf([&] { history["p"]; }), "History: 'p' has 2 numbers an epoch: call lists()");
  EXPECT_EQ(messageOf([&] { history.lists("loss"); }), "History: 'loss' has one number an epoch: use []");
  EXPECT_EQ(messageOf([&] { model.fit(data, target, {.verbose = 0, .callbacks = {EarlyStopping({.monitor = "p"})}}); }), "'p' must be one number here. Received: a list of 2");
  Metric table("Table", Json::object({{"name", "table"}}), Accumulator{[](const Tensor &, const Tensor &p, const Tensor &) { return Tensors{einsum("bi,bj->ij", p, p)}; },
                                                                       [](const Tensors &totals) { return totals[0]; }});
  model.compile({.metrics = {table}});
  EXPECT_NE(messageOf([&] { model.evaluate(data, target, {.verbose = 0}); }).find("the metric 'table' must be a number or a list of numbers. Received: shape=(1, 1)"), std::string::npos);
}

TEST(TerminateOnNaN, EndsFitAtTheBatch) {
  Model model = line(SGD());
  Array x({1.f, 1.f, std::numeric_limits<float>::infinity(), 1.f, 1.f, 1.f}, {6, 1});
  auto fit = [&](TerminateOnNaNOptions o) {
    model.fit(x, ones(6), {.batch_size = 2, .epochs = 5, .verbose = 0, .callbacks = {TerminateOnNaN(o)}, .shuffle = false});
  };
  EXPECT_EQ(printed([&] { fit({}); }), "Batch 1: Invalid loss, terminating training\n");
  model.set_weights({Array::full({1, 1}, 1)});
  EXPECT_EQ(messageOf([&] { fit({.raise_error = true}); }), "TerminateOnNaN: the loss must be finite. Received: inf at batch 1");
}

TEST(LambdaCallback, EveryHookInKerasOrder) {
  Model model = line(SGD());
  std::vector<std::string> calls;
  auto note = [&](const char *what) { return [&calls, what](auto &&...) { calls.emplace_back(what); }; };
  LambdaCallback all({.on_epoch_begin = note("epoch begin"), .on_epoch_end = note("epoch end"), .on_train_begin = note("train begin"), .on_train_end = note("train end"),
                      .on_train_batch_begin = note("batch begin"), .on_train_batch_end = note("batch end"), .on_test_begin = note("test begin"),
                      .on_test_end = note("test end"), .on_test_batch_begin = note("test batch begin"), .on_test_batch_end = note("test batch end"),
                      .on_predict_begin = note("predict begin"), .on_predict_end = note("predict end"), .on_predict_batch_begin = note("predict batch begin"),
                      .on_predict_batch_end = note("predict batch end")});
  model.fit(ones(2), ones(2), {.verbose = 0, .callbacks = {all}, .validation_data = {ones(1), ones(1)}});
  EXPECT_EQ(calls, (std::vector<std::string>{"train begin", "epoch begin", "batch begin", "batch end", "test begin", "test batch begin", "test batch end", "test end",
                                             "epoch end", "train end"}));
  calls.clear();
  model.evaluate(ones(2), ones(2), {.verbose = 0, .callbacks = {all}});
  EXPECT_EQ(calls, (std::vector<std::string>{"test begin", "test batch begin", "test batch end", "test end"}));
  calls.clear();
  model.predict(ones(2), {.verbose = 0, .callbacks = {all}});
  EXPECT_EQ(calls, (std::vector<std::string>{"predict begin", "predict batch begin", "predict batch end", "predict end"}));
}

TEST(Callback, ParamsLogsAndPredictions) {
  struct Watcher : Callback {
    std::vector<int64_t> steps;
    double last = 0, tested = 0;
    std::vector<double> predictions;
    void on_train_begin() override { steps = {params.epochs, *params.steps, params.verbose}; }
    void on_batch_end(int64_t, const Logs &logs) override { last = logs["loss"]; }
    void on_test_end(const Logs &logs) override { tested = logs["loss"]; }
    void on_predict_batch_end(int64_t batch, const std::vector<Array> &outputs) override { predictions.push_back(static_cast<double>(batch) + outputs[0].at(0)); }
  } watcher;
  Model model = line(SGD({.learning_rate = 0}));
  model.fit(ones(5), Array::zeros({5, 1}), {.batch_size = 2, .epochs = 4, .verbose = 0, .callbacks = {watcher}});
  EXPECT_EQ(watcher.steps, (std::vector<int64_t>{4, 3, 0}));
  EXPECT_EQ(watcher.last, 1);
  model.evaluate(ones(2), Array::full({2, 1}, 3), {.verbose = 0, .callbacks = {watcher}});
  EXPECT_EQ(watcher.tested, 4);
  model.predict(ones(3), {.batch_size = 2, .verbose = 0, .callbacks = {watcher}});
  EXPECT_EQ(watcher.predictions, (std::vector<double>{1, 2}));
  EXPECT_EQ(messageOf([&] { model.predict(ones(1), {.callbacks = {std::shared_ptr<History>()}}); }), "callbacks must not be empty pointers. Received: one that is");
}

TEST(Callback, BatchLogsAreReadOnlyIfAsked) {
  struct Quiet : Callback {
    void on_epoch_end(int64_t, Logs &) override {}
  };
  struct Short : Callback {
    void on_batch_end(int64_t, const Logs &) override {}
  };
  EXPECT_FALSE(AnyCallback(Quiet()).readsBatches(true));
  EXPECT_TRUE(AnyCallback(Short()).readsBatches(true));
  EXPECT_FALSE(AnyCallback(Short()).readsBatches(false));
  EXPECT_TRUE(AnyCallback(std::shared_ptr<Callback>(new Quiet)).readsBatches(true)) << "its class is not known";
}

TEST(Callback, HistoryOfOnesOwnGoesOn) {
  Model model = line(SGD());
  History own;
  model.fit(ones(2), ones(2), {.epochs = 2, .verbose = 0, .callbacks = {own}});
  model.fit(ones(2), ones(2), {.epochs = 3, .verbose = 0, .callbacks = {own}, .initial_epoch = 2});
  EXPECT_EQ(own["loss"].size(), 3u);
  EXPECT_EQ(own.epoch, (std::vector<int64_t>{2}));
  EXPECT_EQ(messageOf([&] { own["los"]; }), "History has no 'los'. Known: 'loss'");
}

TEST(ProgbarLogger, Prints) {
  Model model = line(SGD());
  std::string lines = printed([&] { model.fit(ones(5), ones(5), {.batch_size = 2, .epochs = 2, .verbose = 2}); });
  EXPECT_EQ(lines.find("Epoch 1/2\n3/3 - 0s - "), 0u) << lines;
  EXPECT_NE(lines.find("/step - loss: 0.0000e+00\nEpoch 2/2\n3/3 - "), std::string::npos) << lines;
  std::string bar = printed([&] { model.evaluate(ones(4), Array::zeros({4, 1}), {.batch_size = 2}); });
  EXPECT_NE(bar.find("\x1b[1m2/2\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m0s\x1b[0m "), std::string::npos) << bar;
  EXPECT_NE(bar.find("/step - loss: 1.0000"), std::string::npos) << bar;
  // An epoch of unknown length.
  std::string unknown = printed([] {
    callbacks::ProgbarLogger logger;
    logger.on_epoch_begin(0);
    logger.on_train_batch_end(0, {{"loss", 0.5}});
    Logs logs = {{"loss", 0.25}};
    logger.on_epoch_end(0, logs);
    EXPECT_EQ(logger.params.steps, 1);
  });
  EXPECT_EQ(unknown.find("\r      1/Unknown \x1b[1m0s\x1b[0m "), 0u) << unknown;
  EXPECT_NE(unknown.find("\x1b[1m1/1\x1b[0m "), std::string::npos) << unknown;
}

TEST(BackupAndRestore, GoesOnAfterAnInterruption) {
  TemporaryFolder folder;
  struct Interrupted {};
  auto train = [&](bool interrupt, bool twice = false) {
    Model model = line(RMSprop({.learning_rate = 0.1}));
    model.get_layer(1).set_weights({Array::full({1, 1}, 3)});
    LambdaCallback interruption({.on_epoch_begin = [=](int64_t epoch) { if (interrupt && epoch == 2) throw Interrupted(); }});
    History history = model.fit(ones(4), ones(4), {.epochs = 4, .verbose = 0, .callbacks = {BackupAndRestore(folder / "backup", {.double_checkpoint = twice}), interruption}});
    return std::pair(history.epoch, model.get_weights()[0].at(0));
  };
  double whole = train(false).second;
  EXPECT_FALSE(std::filesystem::exists(folder / "backup"));
  EXPECT_THROW(train(true), Interrupted);
  auto [epochs, resumed] = train(false);
  EXPECT_EQ(epochs, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(resumed, whole);
  EXPECT_THROW(train(true, true), Interrupted);
  writeFast(folder / "backup/latest.weights.h5", "damaged");
  EXPECT_EQ(train(false, true).first, (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(messageOf([] { BackupAndRestore(""); }), "BackupAndRestore: backup_dir must name a folder. Received: backup_dir=''");
}

TEST(SwapEMAWeights, EvaluatesWithTheMeans) {
  Model model = line(SGD({.learning_rate = 0.25, .use_ema = true, .ema_momentum = 0.5}));
  // The weight goes 1, 0.5, 0.25, its mean 0.5, (0.5 + 0.25) / 2.
  History history = model.fit(ones(4), Array::zeros({4, 1}), {.batch_size = 2, .verbose = 0, .callbacks = {SwapEMAWeights({.swap_on_epoch = true})},
                                                              .validation_data = {ones(2), Array::zeros({2, 1})}});
  EXPECT_NEAR(history["val_loss"][0], 0.375 * 0.375, 1e-6);
  EXPECT_NEAR(model.get_weights()[0].at(0), 0.375, 1e-6);
  Model plain = line(SGD());
  EXPECT_NE(messageOf([&] { plain.evaluate(ones(2), ones(2), {.verbose = 0, .callbacks = {SwapEMAWeights()}}); }).find("must be made with use_ema=true"), std::string::npos);
}
