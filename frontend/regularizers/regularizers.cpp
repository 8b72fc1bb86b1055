#include "frontend/regularizers/regularizers.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"
#include "frontend/regularizers/orthogonal.h"

namespace cornu {

namespace regularizers {

namespace {
void check(const char *name, const char *argument, double factor) {
  if (!(factor >= 0 && factor <= 1.7e308)) throw UserError(std::string(name) + ": " + argument + " must be a number that is not negative", pythonRepr(factor));
}
} // namespace

Regularizer L1(double l1) {
  check("L1", "l1", l1);
  // Keras's config of L1 shows the factor as rounded to float32.
  return Regularizer("L1", Json::object({{"l1", static_cast<double>(static_cast<float>(l1))}}), [l1](const Tensor &x) { return l1 * sum(abs(x)); });
}
Regularizer L2(double l2) {
  check("L2", "l2", l2);
  return Regularizer("L2", Json::object({{"l2", l2}}), [l2](const Tensor &x) { return l2 * sum(square(x)); });
}
Regularizer L1L2(double l1, double l2) {
  check("L1L2", "l1", l1), check("L1L2", "l2", l2);
  return Regularizer("L1L2", Json::object({{"l1", l1}, {"l2", l2}}), [l1, l2](const Tensor &x) {
    if (l1 == 0) return l2 * sum(square(x));
    if (l2 == 0) return l1 * sum(abs(x));
    return l1 * sum(abs(x)) + l2 * sum(square(x));
  });
}

} // namespace regularizers

ComponentTable<Regularizer> &Regularizer::classes() {
  static ComponentTable<Regularizer> instance = [] {
    using namespace regularizers;
    using config::number;
    ComponentTable<Regularizer> t("regularizer");
    t.add("L1", {"l1"}, [](const Json &c) { return L1(number(c, "l1", 0.01)); });
    t.add("L2", {"l2"}, [](const Json &c) { return L2(number(c, "l2", 0.01)); });
    t.add("L1L2", {"l1l2", "l1_l2"}, [](const Json &c) { return L1L2(number(c, "l1", 0), number(c, "l2", 0)); });
    t.add("OrthogonalRegularizer", {"orthogonal_regularizer"},
          [](const Json &c) { return OrthogonalRegularizer({number(c, "factor", 0.01), config::text(c, "mode", "rows")}); });
    return t;
  }();
  return instance;
}

Regularizer::Regularizer(const std::string &name) : Regularizer(classes().find(name)(Json::object())) {}

Regularizer register_regularizer(const std::string &name, std::function<Regularizer::Signature> function, const RegisterOptions &options) {
  return registerFunction<Regularizer>(name, std::move(function), options);
}
void register_regularizer(const std::string &class_name, std::function<Regularizer(const Json &)> maker, const RegisterOptions &options) {
  Regularizer::classes().addOwn(class_name, options, std::move(maker));
}

} // namespace cornu
