// Learning rates that change with the step (keras.optimizers.schedules).
#pragma once

#include "frontend/core/component.h"
#include "frontend/core/tensor.h"

namespace cornu {

/// A constant learning rate, or a function of the step (a scalar float32 tensor): `0.01`, `schedules::ExponentialDecay(…)`, or a lambda.
class LearningRate {
public:
  using Signature = Tensor(const Tensor &step);

  LearningRate(double constant = 0.001) : constant(constant) {}
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &> && (!std::is_same_v<F, LearningRate>) && (!std::is_arithmetic_v<F>)
  LearningRate(F function) : LearningRate("", Json(), std::move(function)) {}
  LearningRate(std::string class_name, Json config, std::function<Signature> function);
  /// A number, or a schedule's envelope.
  static LearningRate from_config(const Json &config);
  Json serialize() const;

  bool isSchedule() const { return state != nullptr; }
  double value() const { return constant; }
  Tensor operator()(const Tensor &step) const { return state->function(step); }

private:
  double constant = 0.001;
  std::shared_ptr<const ComponentState<Signature>> state;
};

namespace schedules {
struct DecayOptions { bool staircase = false; std::string name = ""; };
/// rate · decay_rate ^ (step / decay_steps); with staircase the exponent is floored.
LearningRate ExponentialDecay(double initial_learning_rate, double decay_steps, double decay_rate, DecayOptions options = {});
/// rate / (1 + decay_rate · step / decay_steps); with staircase the quotient is floored.
LearningRate InverseTimeDecay(double initial_learning_rate, double decay_steps, double decay_rate, DecayOptions options = {});
} // namespace schedules

} // namespace cornu
