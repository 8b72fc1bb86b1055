#include "frontend/callbacks/reduce_lr_on_plateau.h"

#include <algorithm>
#include <cstdio>

#include "frontend/models/model.h"
#include "frontend/utils/warn.h"

namespace cornu::callbacks {

ReduceLROnPlateau::ReduceLROnPlateau(ReduceLROnPlateauOptions o)
    : MonitorCallback("ReduceLROnPlateau", o.monitor, o.mode, o.min_delta), given(std::move(o)) {
  if (!(given.factor < 1)) throw UserError("ReduceLROnPlateau: factor must be less than 1", "factor=" + pythonRepr(given.factor));
}

void ReduceLROnPlateau::on_train_begin() {
  MonitorCallback::on_train_begin();
  wait = cooldown_counter = 0;
  best.reset();
}

void ReduceLROnPlateau::reduce(int64_t epoch) {
  double rate = model->optimizer().learning_rate();
  if (rate <= static_cast<float>(given.min_lr)) return;
  rate = std::max(rate * given.factor, given.min_lr);
  model->optimizer().set_learning_rate(rate);
  if (given.verbose > 0)
    std::printf("\nEpoch %lld: ReduceLROnPlateau reducing learning rate to %s.\n", static_cast<long long>(epoch + 1), pythonRepr(rate).c_str());
  cooldown_counter = given.cooldown;
  wait = 0;
}

void ReduceLROnPlateau::on_epoch_end(int64_t epoch, Logs &logs) {
  logs.set("learning_rate", model->optimizer().learning_rate());
  if (!logs.contains(monitor))
    return warn("Learning rate reduction is conditioned on metric `" + monitor + "` which is not available. Available metrics are: " + logs.listed() + ".");
  if (cooldown_counter > 0) --cooldown_counter, wait = 0;
  if (double current = logs[monitor]; improves(current, best))
    best = current, wait = 0;
  else if (cooldown_counter <= 0 && ++wait >= given.patience)
    reduce(epoch);
}

} // namespace cornu::callbacks
