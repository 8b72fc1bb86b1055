#include "frontend/callbacks/learning_rate_scheduler.h"

#include <cstdio>

#include "frontend/models/model.h"

namespace cornu::callbacks {

LearningRateScheduler::LearningRateScheduler(Schedule s, LearningRateSchedulerOptions o) : schedule(std::move(s)), given(o) {
  if (!schedule) throw UserError("LearningRateScheduler: schedule must be a function of the epoch and the learning rate", "none");
}

void LearningRateScheduler::on_epoch_begin(int64_t epoch) {
  Optimizer &optimizer = model->optimizer();
  double rate = schedule(epoch, optimizer.learning_rate());
  optimizer.set_learning_rate(rate);
  if (given.verbose > 0)
    std::printf("\nEpoch %lld: LearningRateScheduler setting learning rate to %s.\n", static_cast<long long>(epoch + 1), pythonRepr(rate).c_str());
}

void LearningRateScheduler::on_epoch_end(int64_t, Logs &logs) { logs.set("learning_rate", model->optimizer().learning_rate()); }

} // namespace cornu::callbacks
