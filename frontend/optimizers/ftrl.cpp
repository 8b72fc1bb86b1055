#include "frontend/optimizers/ftrl.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::optimizers {

Ftrl::Ftrl(FtrlOptions o) : Optimizer("Ftrl", OptimizerOptions::of(o)), own(std::move(o)) {
  auto require = [](bool good, const char *rule, const char *key, double value) {
    if (!good) throw UserError(std::string("Ftrl: ") + key + " must " + rule, std::string(key) + "=" + pythonRepr(value));
  };
  require(own.initial_accumulator_value >= 0, "not be negative", "initial_accumulator_value", own.initial_accumulator_value);
  require(own.learning_rate_power <= 0, "not be positive", "learning_rate_power", own.learning_rate_power);
  require(own.l1_regularization_strength >= 0, "not be negative", "l1_regularization_strength", own.l1_regularization_strength);
  require(own.l2_regularization_strength >= 0, "not be negative", "l2_regularization_strength", own.l2_regularization_strength);
  require(own.l2_shrinkage_regularization_strength >= 0, "not be negative", "l2_shrinkage_regularization_strength",
          own.l2_shrinkage_regularization_strength);
}

std::vector<std::string> Ftrl::slotNames() const { return {"accumulator", "linear"}; }

Tensor Ftrl::update(const Weight &w, const Tensor &g, const Tensor &lr) {
  auto power = [p = -own.learning_rate_power](const Tensor &x) { return p == 0.5 ? sqrt(x) : pow(x, p); };
  Tensor old = slot(0, w), linear = slot(1, w);
  Tensor accumulator = old + square(g), rate = power(accumulator);
  Tensor shrunk = own.l2_shrinkage_regularization_strength == 0 ? g : g + 2 * own.l2_shrinkage_regularization_strength * w.value;
  linear = linear + (shrunk - (rate - power(old)) / lr * w.value);
  assign(slot(0, w), accumulator);
  assign(slot(1, w), linear);
  Tensor l2 = own.l2_regularization_strength + own.beta / (2 * lr);
  Tensor bounded = clip(linear, -own.l1_regularization_strength, own.l1_regularization_strength);
  return (bounded - linear) / (rate / lr + 2 * l2);
}

Json Ftrl::get_config() const {
  Json c = Optimizer::get_config();
  c["learning_rate_power"] = own.learning_rate_power;
  c["initial_accumulator_value"] = own.initial_accumulator_value;
  c["l1_regularization_strength"] = own.l1_regularization_strength;
  c["l2_regularization_strength"] = own.l2_regularization_strength;
  c["l2_shrinkage_regularization_strength"] = own.l2_shrinkage_regularization_strength;
  c["beta"] = own.beta;
  return c;
}

static const OptimizerRegistration registration("Ftrl", [](const Json &c) {
  auto o = OptimizerOptions::read<FtrlOptions>(c);
  o.learning_rate_power = config::number(c, "learning_rate_power", o.learning_rate_power);
  o.initial_accumulator_value = config::number(c, "initial_accumulator_value", o.initial_accumulator_value);
  o.l1_regularization_strength = config::number(c, "l1_regularization_strength", o.l1_regularization_strength);
  o.l2_regularization_strength = config::number(c, "l2_regularization_strength", o.l2_regularization_strength);
  o.l2_shrinkage_regularization_strength = config::number(c, "l2_shrinkage_regularization_strength", o.l2_shrinkage_regularization_strength);
  o.beta = config::number(c, "beta", o.beta);
  return std::make_shared<Ftrl>(o);
});

} // namespace cornu::optimizers
