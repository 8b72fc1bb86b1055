#include "frontend/callbacks/callback_list.h"

#include <algorithm>

#include "frontend/callbacks/progbar_logger.h"
#include "runtime/errors.h"

namespace cornu {

CallbackList::CallbackList(const std::vector<AnyCallback> &given, Model &model, const CallbackParams &params, bool fits) : callbacks(given) {
  bool shows = false;
  for (const AnyCallback &callback : callbacks) {
    if (!callback) throw UserError("callbacks must not be empty pointers", "one that is");
    if (auto *history = dynamic_cast<History *>(&*callback)) record = history;
    shows = shows || dynamic_cast<ProgbarLogger *>(&*callback);
  }
  if (fits && !record) {
    auto history = std::make_shared<History>();
    record = history.get();
    callbacks.emplace_back(history);
  }
  if (params.verbose && !shows) callbacks.emplace_back(std::make_shared<ProgbarLogger>());
  for (const AnyCallback &callback : callbacks) callback->model = &model, callback->params = params;
}

int64_t CallbackList::initialEpoch(int64_t given) const {
  for (const AnyCallback &callback : callbacks)
    if (std::optional<int64_t> epoch = callback->initial_epoch()) return *epoch;
  return given;
}

bool CallbackList::readsBatches(bool training) const {
  return std::any_of(callbacks.begin(), callbacks.end(), [&](const AnyCallback &callback) {
    // The progress bar shows them only where it moves.
    if (dynamic_cast<ProgbarLogger *>(&*callback)) return callback->params.verbose == 1;
    return callback.readsBatches(training);
  });
}

} // namespace cornu
