#include "frontend/constraints/constraints.h"

#include "frontend/core/config.h"
#include "frontend/core/one_or_many.h"
#include "frontend/ops/ops.h"

namespace cornu {

namespace constraints {

namespace {
constexpr double epsilon = 1e-7;
using Axis = OneOrMany<int64_t>; // of files; several are taken together

Tensor norm(const Tensor &w, const Axis &axis) { return sqrt(sum(square(w), Axes(axis.list()), {.keepdims = true})); }
Axis axisOf(const Json &config) {
  const Json &axis = config.get("axis");
  return axis.isNull() ? Axis(0) : Axis::from(axis);
}

Constraint maxNorm(double max_value, const Axis &axis) {
  return Constraint("MaxNorm", Json::object({{"max_value", max_value}, {"axis", axis.json()}}), [=](const Tensor &w) {
    Tensor n = norm(w, axis);
    return w * (clip(n, 0, max_value) / (epsilon + n));
  });
}
Constraint unitNorm(const Axis &axis) {
  return Constraint("UnitNorm", Json::object({{"axis", axis.json()}}), [=](const Tensor &w) { return w / (epsilon + norm(w, axis)); });
}
Constraint minMaxNorm(double min_value, double max_value, double rate, const Axis &axis) {
  Json config = Json::object({{"min_value", min_value}, {"max_value", max_value}, {"rate", rate}, {"axis", axis.json()}});
  return Constraint("MinMaxNorm", config, [=](const Tensor &w) {
    Tensor n = norm(w, axis);
    return w * ((rate * clip(n, min_value, max_value) + (1 - rate) * n) / (epsilon + n));
  });
}
} // namespace

Constraint MaxNorm(double max_value, AxisOption options) { return maxNorm(max_value, options.axis); }
Constraint NonNeg() {
  return Constraint("NonNeg", Json::object(), [](const Tensor &w) { return w * cast(w >= 0, w.dtype()); });
}
Constraint UnitNorm(AxisOption options) { return unitNorm(options.axis); }
Constraint MinMaxNorm(MinMaxNormOptions o) { return minMaxNorm(o.min_value, o.max_value, o.rate, o.axis); }

} // namespace constraints

ComponentTable<Constraint> &Constraint::classes() {
  static ComponentTable<Constraint> instance = [] {
    using namespace constraints;
    using config::number;
    ComponentTable<Constraint> t("constraint");
    t.add("MaxNorm", {"max_norm"}, [](const Json &c) { return maxNorm(number(c, "max_value", 2), axisOf(c)); });
    t.add("NonNeg", {"non_neg"}, [](const Json &) { return NonNeg(); });
    t.add("UnitNorm", {"unit_norm"}, [](const Json &c) { return unitNorm(axisOf(c)); });
    t.add("MinMaxNorm", {"min_max_norm"}, [](const Json &c) {
      return minMaxNorm(number(c, "min_value", 0), number(c, "max_value", 1), number(c, "rate", 1), axisOf(c));
    });
    return t;
  }();
  return instance;
}

Constraint::Constraint(const std::string &name) : Constraint(classes().find(name)(Json::object())) {}

Constraint register_constraint(const std::string &name, std::function<Constraint::Signature> function, const RegisterOptions &options) {
  return registerFunction<Constraint>(name, std::move(function), options);
}
void register_constraint(const std::string &class_name, std::function<Constraint(const Json &)> maker, const RegisterOptions &options) {
  Constraint::classes().addOwn(class_name, options, std::move(maker));
}

} // namespace cornu
