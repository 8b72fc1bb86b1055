#include "frontend/constraints/constraints.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

namespace constraints {

namespace {
constexpr double epsilon = 1e-7;
Tensor norm(const Tensor &w, int64_t axis) { return sqrt(sum(square(w), Axes({axis}), {.keepdims = true})); }
} // namespace

Constraint MaxNorm(double max_value, AxisOption options) {
  return Constraint("MaxNorm", Json::object({{"max_value", max_value}, {"axis", options.axis}}), [=](const Tensor &w) {
    Tensor n = norm(w, options.axis);
    return w * (clip(n, 0, max_value) / (epsilon + n));
  });
}
Constraint NonNeg() {
  return Constraint("NonNeg", Json::object(), [](const Tensor &w) { return w * cast(w >= 0, w.dtype()); });
}
Constraint UnitNorm(AxisOption options) {
  return Constraint("UnitNorm", Json::object({{"axis", options.axis}}), [=](const Tensor &w) { return w / (epsilon + norm(w, options.axis)); });
}
Constraint MinMaxNorm(MinMaxNormOptions o) {
  Json config = Json::object({{"min_value", o.min_value}, {"max_value", o.max_value}, {"rate", o.rate}, {"axis", o.axis}});
  return Constraint("MinMaxNorm", config, [=](const Tensor &w) {
    Tensor n = norm(w, o.axis);
    return w * ((o.rate * clip(n, o.min_value, o.max_value) + (1 - o.rate) * n) / (epsilon + n));
  });
}

} // namespace constraints

ComponentTable<Constraint> &Constraint::classes() {
  static ComponentTable<Constraint> instance = [] {
    using namespace constraints;
    using config::integer, config::number;
    ComponentTable<Constraint> t("constraint");
    t.add("MaxNorm", {"max_norm"}, [](const Json &c) { return MaxNorm(number(c, "max_value", 2), {integer(c, "axis", 0)}); });
    t.add("NonNeg", {"non_neg"}, [](const Json &) { return NonNeg(); });
    t.add("UnitNorm", {"unit_norm"}, [](const Json &c) { return UnitNorm({integer(c, "axis", 0)}); });
    t.add("MinMaxNorm", {"min_max_norm"}, [](const Json &c) {
      return MinMaxNorm({number(c, "min_value", 0), number(c, "max_value", 1), number(c, "rate", 1), integer(c, "axis", 0)});
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
