// Learning rates that change with the step (keras.optimizers.schedules).
#pragma once

#include <optional>

#include "frontend/core/component.h"
#include "frontend/core/tensor.h"

namespace cornu {

/// A constant learning rate, or a function of the step (a scalar float32 tensor): `0.01`, `schedules::ExponentialDecay(…)`, or a lambda.
class LearningRate : public Component<Tensor(const Tensor &step)> {
public:
  LearningRate(double constant = 0.001) : constant(constant) {}
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &> && (!std::is_same_v<F, LearningRate>) && (!std::is_arithmetic_v<F>)
  LearningRate(F function) : LearningRate("", Json(), std::move(function)) {}
  using Component::Component;
  /// A number, or a schedule's envelope.
  static LearningRate from_config(const Json &config);
  static ComponentTable<LearningRate> &classes();
  Json serialize() const;

  bool isSchedule() const { return state != nullptr; }
  double value() const { return constant; }
  Tensor operator()(const Tensor &step) const { return state->function(step); }

private:
  double constant = 0.001;
};

/// Makes a schedule of one's own known by name, as a function or as a class, so that files can name it and `from_config` finds it.
LearningRate register_schedule(const std::string &name, std::function<LearningRate::Signature> function, const RegisterOptions &options = {});
void register_schedule(const std::string &class_name, std::function<LearningRate(const Json &config)> maker, const RegisterOptions &options = {});

namespace schedules {
struct DecayOptions { bool staircase = false; std::string name = ""; };
/// rate · decay_rate ^ (step / decay_steps); with staircase the exponent is floored.
LearningRate ExponentialDecay(double initial_learning_rate, double decay_steps, double decay_rate, DecayOptions options = {});
/// rate / (1 + decay_rate · step / decay_steps); with staircase the quotient is floored.
LearningRate InverseTimeDecay(double initial_learning_rate, double decay_steps, double decay_rate, DecayOptions options = {});

struct PolynomialDecayOptions {
  double end_learning_rate = 0.0001;
  double power = 1;
  bool cycle = false;           ///< starts again after decay_steps, 2 · decay_steps …, instead of staying at the end
  std::string name = "PolynomialDecay";
};
/// With p = min(step, decay_steps) / decay_steps: (rate - end) · (1 - p)^power + end.
LearningRate PolynomialDecay(double initial_learning_rate, double decay_steps, PolynomialDecayOptions options = {});

struct PiecewiseConstantDecayOptions { std::string name = "PiecewiseConstant"; };
/// values[0] up to and with step boundaries[0], values[1] up to and with boundaries[1] …; one value more than boundaries.
LearningRate PiecewiseConstantDecay(std::vector<int64_t> boundaries, std::vector<double> values, PiecewiseConstantDecayOptions options = {});

struct CosineDecayOptions {
  double alpha = 0;             ///< the lowest rate, as a part of the highest
  std::string name = "CosineDecay";
  std::optional<double> warmup_target = {};     ///< with it the rate first goes from the initial one to this, in warmup_steps
  double warmup_steps = 0;
};
/// With p = min(step, decay_steps) / decay_steps: rate · ((1 - alpha) · (1 + cos(pi · p)) / 2 + alpha).
LearningRate CosineDecay(double initial_learning_rate, double decay_steps, CosineDecayOptions options = {});

struct CosineDecayRestartsOptions {
  double t_mul = 2;             ///< how much longer each period is than the one before
  double m_mul = 1;             ///< how much higher each starts
  double alpha = 0;
  std::string name = "SGDRDecay";
};
/// CosineDecay again and again; the first period has first_decay_steps. https://arxiv.org/abs/1608.03983
LearningRate CosineDecayRestarts(double initial_learning_rate, double first_decay_steps, CosineDecayRestartsOptions options = {});
} // namespace schedules

} // namespace cornu
