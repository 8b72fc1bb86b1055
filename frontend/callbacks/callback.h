// Callback: code that runs at the joints of fit, evaluate and predict (keras.callbacks).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>

#include "frontend/callbacks/logs.h"
#include "runtime/array.h"

namespace cornu {

class Model;

/// What a callback is told of the call it takes part in.
struct CallbackParams {
  int verbose = 1;
  int64_t epochs = 1;                           ///< 1 for evaluate and predict
  std::optional<int64_t> steps = {};            ///< batches in an epoch, if that is known
};

/// Derive from it and override what is wanted. Epochs and batches count from 0; validation within fit calls the hooks of a test.
class Callback {
public:
  virtual ~Callback() = default;

  virtual void on_train_begin() {}
  /// With the logs of the last epoch.
  virtual void on_train_end(const Logs & /*logs*/) {}
  virtual void on_epoch_begin(int64_t /*epoch*/) {}
  /// May add to `logs`: the callbacks after it, History and the progress bar see it.
  virtual void on_epoch_end(int64_t /*epoch*/, Logs & /*logs*/) {}

  virtual void on_train_batch_begin(int64_t batch) { on_batch_begin(batch); }
  /// Logs are running means so far. They are read after each step only if some callback overrides this.
  virtual void on_train_batch_end(int64_t batch, const Logs &logs) { on_batch_end(batch, logs); }
  /// Other names of on_train_batch_begin and on_train_batch_end.
  virtual void on_batch_begin(int64_t /*batch*/) {}
  virtual void on_batch_end(int64_t /*batch*/, const Logs & /*logs*/) {}

  virtual void on_test_begin() {}
  virtual void on_test_end(const Logs & /*logs*/) {}
  virtual void on_test_batch_begin(int64_t /*batch*/) {}
  virtual void on_test_batch_end(int64_t /*batch*/, const Logs & /*logs*/) {}

  virtual void on_predict_begin() {}
  virtual void on_predict_end() {}
  virtual void on_predict_batch_begin(int64_t /*batch*/) {}
  /// With the batch's predictions, one array an output.
  virtual void on_predict_batch_end(int64_t /*batch*/, const std::vector<Array> & /*outputs*/) {}

  /// With what epoch fit is to begin, if that is not its initial_epoch; asked after on_train_begin.
  virtual std::optional<int64_t> initial_epoch() const { return {}; }

  /// The model at work, with its `stop_training`; set before the first hook, as is `params`.
  Model *model = nullptr;
  CallbackParams params;
};

/// An item of `.callbacks = {…}`: a callback made on the spot; one of the user's own, which is referred to, so that it can be asked
/// afterwards; or a shared pointer to one.
class AnyCallback {
public:
  template <class C> requires std::derived_from<std::remove_cvref_t<C>, Callback>
  AnyCallback(C &&callback) : AnyCallback(held(std::forward<C>(callback))) {}
  template <class C> requires std::derived_from<C, Callback>
  AnyCallback(std::shared_ptr<C> callback) : callback(std::move(callback)), readsTrainBatches(readsTrain<C>()), readsTestBatches(readsTest<C>()) {}

  Callback *operator->() const { return callback.get(); }
  Callback &operator*() const { return *callback; }
  explicit operator bool() const { return callback != nullptr; }
  /// Whether it looks at the logs of a batch; true unless its class is known not to override the hooks.
  bool readsBatches(bool training) const { return training ? readsTrainBatches : readsTestBatches; }

private:
  template <class C> static auto held(C &&callback) {
    using Class = std::remove_cvref_t<C>;
    if constexpr (std::is_lvalue_reference_v<C>)
      return std::shared_ptr<Class>(std::shared_ptr<void>(), const_cast<Class *>(&callback));
    else
      return std::make_shared<Class>(std::move(callback));
  }
  // The address of an inherited member function has the type of the class that defines it. What is overloaded or private counts as overridden.
  template <class C> static constexpr bool readsTrain() {
    using Hook = void (Callback::*)(int64_t, const Logs &);
    if constexpr (std::is_same_v<C, Callback>) return true;
    else if constexpr (requires { &C::on_train_batch_end; &C::on_batch_end; })
      return !std::is_same_v<decltype(&C::on_train_batch_end), Hook> || !std::is_same_v<decltype(&C::on_batch_end), Hook>;
    else return true;
  }
  template <class C> static constexpr bool readsTest() {
    using Hook = void (Callback::*)(int64_t, const Logs &);
    if constexpr (std::is_same_v<C, Callback>) return true;
    else if constexpr (requires { &C::on_test_batch_end; }) return !std::is_same_v<decltype(&C::on_test_batch_end), Hook>;
    else return true;
  }

  std::shared_ptr<Callback> callback;
  bool readsTrainBatches = true, readsTestBatches = true;
};

} // namespace cornu
