#include "frontend/callbacks/early_stopping.h"

#include <cstdio>

#include "frontend/models/model.h"
#include "frontend/utils/warn.h"

namespace cornu::callbacks {

EarlyStopping::EarlyStopping(EarlyStoppingOptions o) : MonitorCallback("EarlyStopping", o.monitor, o.mode, o.min_delta), given(std::move(o)) {}

void EarlyStopping::on_train_begin() {
  MonitorCallback::on_train_begin();
  wait = stopped_epoch = best_epoch = 0;
  best.reset();
  best_weights.clear();
}

void EarlyStopping::on_epoch_end(int64_t epoch, Logs &logs) {
  if (!logs.contains(monitor))
    return warn("Early stopping conditioned on metric `" + monitor + "` which is not available. Available metrics are: " + logs.listed());
  if (epoch < given.start_from_epoch) return;
  double current = logs[monitor];
  auto remember = [&] {
    best_epoch = epoch;
    if (given.restore_best_weights) best_weights = model->get_weights();
  };
  if (given.restore_best_weights && best_weights.empty()) remember();
  ++wait;
  if (improves(current, best)) {
    best = current;
    remember();
    if (!given.baseline || improves(current, given.baseline)) wait = 0;
  } else if (wait >= given.patience && epoch > 0) {
    stopped_epoch = epoch;
    model->stop_training() = true;
  }
}

void EarlyStopping::on_train_end(const Logs &) {
  if (stopped_epoch > 0 && given.verbose > 0) std::printf("Epoch %lld: early stopping\n", static_cast<long long>(stopped_epoch + 1));
  if (best_weights.empty()) return;
  if (given.verbose > 0) std::printf("Restoring model weights from the end of the best epoch: %lld.\n", static_cast<long long>(best_epoch + 1));
  model->set_weights(best_weights);
}

} // namespace cornu::callbacks
