// LambdaCallback: a callback from functions.
#pragma once

#include <functional>

#include "frontend/callbacks/callback.h"

namespace cornu {

/// A function for each hook that is wanted, with the hook's arguments.
struct LambdaCallbackOptions {
  std::function<void(int64_t epoch)> on_epoch_begin = {};
  std::function<void(int64_t epoch, Logs &logs)> on_epoch_end = {};
  std::function<void()> on_train_begin = {};
  std::function<void(const Logs &logs)> on_train_end = {};
  std::function<void(int64_t batch)> on_train_batch_begin = {};
  std::function<void(int64_t batch, const Logs &logs)> on_train_batch_end = {};
  std::function<void()> on_test_begin = {};
  std::function<void(const Logs &logs)> on_test_end = {};
  std::function<void(int64_t batch)> on_test_batch_begin = {};
  std::function<void(int64_t batch, const Logs &logs)> on_test_batch_end = {};
  std::function<void()> on_predict_begin = {};
  std::function<void()> on_predict_end = {};
  std::function<void(int64_t batch)> on_predict_batch_begin = {};
  std::function<void(int64_t batch, const std::vector<Array> &outputs)> on_predict_batch_end = {};
};

namespace callbacks {
/// `LambdaCallback({.on_epoch_end = [](int64_t epoch, Logs &logs) { … }})`
class LambdaCallback : public Callback {
public:
  explicit LambdaCallback(LambdaCallbackOptions functions) : functions(std::move(functions)) {}
  void on_epoch_begin(int64_t epoch) override { call(functions.on_epoch_begin, epoch); }
  void on_epoch_end(int64_t epoch, Logs &logs) override { call(functions.on_epoch_end, epoch, logs); }
  void on_train_begin() override { call(functions.on_train_begin); }
  void on_train_end(const Logs &logs) override { call(functions.on_train_end, logs); }
  void on_train_batch_begin(int64_t batch) override { call(functions.on_train_batch_begin, batch); }
  void on_train_batch_end(int64_t batch, const Logs &logs) override { call(functions.on_train_batch_end, batch, logs); }
  void on_test_begin() override { call(functions.on_test_begin); }
  void on_test_end(const Logs &logs) override { call(functions.on_test_end, logs); }
  void on_test_batch_begin(int64_t batch) override { call(functions.on_test_batch_begin, batch); }
  void on_test_batch_end(int64_t batch, const Logs &logs) override { call(functions.on_test_batch_end, batch, logs); }
  void on_predict_begin() override { call(functions.on_predict_begin); }
  void on_predict_end() override { call(functions.on_predict_end); }
  void on_predict_batch_begin(int64_t batch) override { call(functions.on_predict_batch_begin, batch); }
  void on_predict_batch_end(int64_t batch, const std::vector<Array> &outputs) override { call(functions.on_predict_batch_end, batch, outputs); }

private:
  template <class F, class... Arguments> static void call(const F &function, Arguments &&...arguments) {
    if (function) function(arguments...);
  }
  LambdaCallbackOptions functions;
};
} // namespace callbacks
using callbacks::LambdaCallback;

} // namespace cornu
