#include "frontend/optimizers/schedules.h"

#include <cmath>

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

namespace schedules {

namespace {
Json configOf(double rate, double steps, double decay, const DecayOptions &o, const char *className) {
  return Json::object({{"initial_learning_rate", rate}, {"decay_steps", steps}, {"decay_rate", decay}, {"staircase", o.staircase},
                       {"name", o.name.empty() ? className : o.name}});
}
Tensor progress(const Tensor &step, double steps, bool staircase) { return staircase ? floor(step / steps) : step / steps; }
} // namespace

LearningRate ExponentialDecay(double rate, double steps, double decay, DecayOptions o) {
  if (steps <= 0) throw UserError("ExponentialDecay: decay_steps must be positive", "decay_steps=" + pythonRepr(steps));
  if (decay <= 0) throw UserError("ExponentialDecay: decay_rate must be positive", "decay_rate=" + pythonRepr(decay));
  return LearningRate("ExponentialDecay", configOf(rate, steps, decay, o, "ExponentialDecay"),
                      [=](const Tensor &step) { return rate * exp(std::log(decay) * progress(step, steps, o.staircase)); });
}
LearningRate InverseTimeDecay(double rate, double steps, double decay, DecayOptions o) {
  if (steps <= 0) throw UserError("InverseTimeDecay: decay_steps must be positive", "decay_steps=" + pythonRepr(steps));
  return LearningRate("InverseTimeDecay", configOf(rate, steps, decay, o, "InverseTimeDecay"),
                      [=](const Tensor &step) { return rate / (1 + decay * progress(step, steps, o.staircase)); });
}

} // namespace schedules

Json LearningRate::serialize() const {
  return state ? config::serialize(*this) : Json(static_cast<double>(static_cast<float>(constant)));
}

LearningRate LearningRate::from_config(const Json &config) {
  if (config.isNumber()) return LearningRate(config.asDouble());
  std::string function = config::functionName(config);
  return classes().find(function.empty() ? classes().keyOf(config) : function)(config.get("config"));
}

LearningRate register_schedule(const std::string &name, std::function<LearningRate::Signature> function, const RegisterOptions &options) {
  return registerFunction<LearningRate>(name, std::move(function), options);
}
void register_schedule(const std::string &class_name, std::function<LearningRate(const Json &)> maker, const RegisterOptions &options) {
  LearningRate::classes().addOwn(class_name, options, std::move(maker));
}

ComponentTable<LearningRate> &LearningRate::classes() {
  using config::flag, config::number, config::text, config::optionalNumber;
  static ComponentTable<LearningRate> instance = [] {
    ComponentTable<LearningRate> t("schedule");
    auto add = [&](const char *className, LearningRate (*maker)(double, double, double, schedules::DecayOptions)) {
      t.add(className, {}, [maker](const Json &c) {
        return maker(c.at("initial_learning_rate").asDouble(), c.at("decay_steps").asDouble(), c.at("decay_rate").asDouble(),
                     {flag(c, "staircase", false), text(c, "name", "")});
      });
    };
    add("ExponentialDecay", schedules::ExponentialDecay);
    add("InverseTimeDecay", schedules::InverseTimeDecay);
    t.add("PolynomialDecay", {}, [](const Json &c) {
      return schedules::PolynomialDecay(c.at("initial_learning_rate").asDouble(), c.at("decay_steps").asDouble(),
                                        {.end_learning_rate = number(c, "end_learning_rate", 0.0001), .power = number(c, "power", 1),
                                         .cycle = flag(c, "cycle", false), .name = text(c, "name", "PolynomialDecay")});
    });
    t.add("PiecewiseConstantDecay", {}, [](const Json &c) {
      std::vector<int64_t> boundaries;
      std::vector<double> values;
      // Keras casts boundaries to the step's type.
      for (const Json &item : c.at("boundaries").asList()) boundaries.push_back(static_cast<int64_t>(item.asDouble()));
      for (const Json &item : c.at("values").asList()) values.push_back(item.asDouble());
      return schedules::PiecewiseConstantDecay(boundaries, values, {text(c, "name", "PiecewiseConstant")});
    });
    t.add("CosineDecay", {}, [](const Json &c) {
      return schedules::CosineDecay(c.at("initial_learning_rate").asDouble(), c.at("decay_steps").asDouble(),
                                    {.alpha = number(c, "alpha", 0), .name = text(c, "name", "CosineDecay"),
                                     .warmup_target = optionalNumber(c, "warmup_target"), .warmup_steps = number(c, "warmup_steps", 0)});
    });
    t.add("CosineDecayRestarts", {}, [](const Json &c) {
      return schedules::CosineDecayRestarts(c.at("initial_learning_rate").asDouble(), c.at("first_decay_steps").asDouble(),
                                            {.t_mul = number(c, "t_mul", 2), .m_mul = number(c, "m_mul", 1), .alpha = number(c, "alpha", 0),
                                             .name = text(c, "name", "SGDRDecay")});
    });
    return t;
  }();
  return instance;
}

} // namespace cornu
