#include <numbers>

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"
#include "frontend/optimizers/schedules.h"

namespace cornu::schedules {

namespace {
Tensor halfWave(const Tensor &p) { return 0.5 * (1 + cos(std::numbers::pi * p)); }
} // namespace

LearningRate CosineDecay(double rate, double steps, CosineDecayOptions o) {
  if (steps <= 0) throw UserError("CosineDecay: decay_steps must be positive", "decay_steps=" + pythonRepr(steps));
  if (o.warmup_target && o.warmup_steps < 0) throw UserError("CosineDecay: warmup_steps must not be negative", "warmup_steps=" + pythonRepr(o.warmup_steps));
  Json config = Json::object({{"initial_learning_rate", rate}, {"decay_steps", steps}, {"alpha", o.alpha}, {"name", o.name},
                              {"warmup_target", o.warmup_target}, {"warmup_steps", o.warmup_steps}});
  return LearningRate("CosineDecay", config, [=](const Tensor &step) {
    auto decayed = [&](const Tensor &at, double from) { return from * ((1 - o.alpha) * halfWave(at / steps) + o.alpha); };
    if (!o.warmup_target) return decayed(minimum(step, steps), rate);
    Tensor at = minimum(step, steps + o.warmup_steps), after = decayed(at - o.warmup_steps, *o.warmup_target);
    if (o.warmup_steps == 0) return after;
    return where(at < o.warmup_steps, (*o.warmup_target - rate) * (at / o.warmup_steps) + rate, after);
  });
}

LearningRate CosineDecayRestarts(double rate, double first, CosineDecayRestartsOptions o) {
  if (first <= 0) throw UserError("CosineDecayRestarts: first_decay_steps must be positive", "first_decay_steps=" + pythonRepr(first));
  if (o.t_mul <= 0) throw UserError("CosineDecayRestarts: t_mul must be positive", "t_mul=" + pythonRepr(o.t_mul));
  Json config = Json::object({{"initial_learning_rate", rate}, {"first_decay_steps", first}, {"t_mul", o.t_mul}, {"m_mul", o.m_mul},
                              {"alpha", o.alpha}, {"name", o.name}});
  return LearningRate("CosineDecayRestarts", config, [=](const Tensor &step) {
    Tensor periods = step / first, restarts;
    if (o.t_mul == 1) {
      restarts = floor(periods);
      periods = periods - restarts;
    } else {
      // Period i begins after 1 + t + … + t^(i-1) = (1 - t^i) / (1 - t) first periods.
      restarts = floor(log(1 - periods * (1 - o.t_mul)) / log(cast(o.t_mul, DType::Float32)));
      Tensor length = pow(o.t_mul, restarts);
      periods = (periods - (1 - length) / (1 - o.t_mul)) / length;
    }
    Tensor wave = halfWave(periods);
    if (o.m_mul != 1) wave = wave * pow(o.m_mul, restarts);
    return rate * ((1 - o.alpha) * wave + o.alpha);
  });
}

} // namespace cornu::schedules
