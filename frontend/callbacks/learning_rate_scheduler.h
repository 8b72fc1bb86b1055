// LearningRateScheduler: the learning rate of each epoch, from a function.
#pragma once

#include <functional>

#include "frontend/callbacks/callback.h"

namespace cornu {

struct LearningRateSchedulerOptions {
  int verbose = 0;
};

namespace callbacks {
/// `LearningRateScheduler([](int64_t epoch, double rate) { return epoch < 10 ? rate : 0.9 * rate; })`. Adds "learning_rate" to the logs.
/// UserError in fit if the optimizer's rate is a schedule of its own.
class LearningRateScheduler : public Callback {
public:
  using Schedule = std::function<double(int64_t epoch, double learning_rate)>;
  explicit LearningRateScheduler(Schedule schedule, LearningRateSchedulerOptions options = {});
  void on_epoch_begin(int64_t epoch) override;
  void on_epoch_end(int64_t epoch, Logs &logs) override;

private:
  Schedule schedule;
  LearningRateSchedulerOptions given;
};
} // namespace callbacks
using callbacks::LearningRateScheduler;

} // namespace cornu
