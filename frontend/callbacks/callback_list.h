// All callbacks of one fit, evaluate or predict. Internal.
#pragma once

#include <functional>

#include "frontend/callbacks/history.h"

namespace cornu {

/// The user's callbacks in their order, then, in fit, a History, then, unless silent, a ProgbarLogger; those two only if they are not given.
class CallbackList {
public:
  CallbackList(const std::vector<AnyCallback> &given, Model &model, const CallbackParams &params, bool fits);

  /// `callbacks.call(&Callback::on_epoch_begin, epoch)`
  template <class... Parameters, class... Arguments> void call(void (Callback::*hook)(Parameters...), Arguments &&...arguments) const {
    for (const AnyCallback &callback : callbacks) std::invoke(hook, *callback, arguments...);
  }
  /// Whether someone looks at the logs of each batch.
  bool readsBatches(bool training) const;
  /// What a callback says, or else this.
  int64_t initialEpoch(int64_t given) const;
  /// Of a fit.
  const History &history() const { return *record; }

private:
  std::vector<AnyCallback> callbacks;
  History *record = nullptr;
};

} // namespace cornu
