#include "frontend/core/config.h"
#include "frontend/ops/ops.h"
#include "frontend/optimizers/schedules.h"

namespace cornu::schedules {

LearningRate PolynomialDecay(double rate, double steps, PolynomialDecayOptions o) {
  if (steps <= 0) throw UserError("PolynomialDecay: decay_steps must be positive", "decay_steps=" + pythonRepr(steps));
  Json config = Json::object({{"initial_learning_rate", rate}, {"decay_steps", steps}, {"end_learning_rate", o.end_learning_rate},
                              {"power", o.power}, {"cycle", o.cycle}, {"name", o.name}});
  return LearningRate("PolynomialDecay", config, [=](const Tensor &step) {
    Tensor p;
    if (o.cycle) {
      // TensorFlow's graphs multiply by the reciprocal, whose rounding error begins a period early at some multiples of `steps`: 21 of 7.
      Tensor period = ceil(step * static_cast<float>(1 / steps));
      p = step / (steps * maximum(period, 1)); // the first is counted at step 0, too
    } else {
      p = minimum(step, steps) / steps;
    }
    Tensor left = o.power == 1 ? 1 - p : pow(1 - p, o.power);
    return (rate - o.end_learning_rate) * left + o.end_learning_rate;
  });
}

} // namespace cornu::schedules
