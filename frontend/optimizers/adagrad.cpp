#include "frontend/optimizers/adagrad.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::optimizers {

Adagrad::Adagrad(AdagradOptions o) : Optimizer("Adagrad", OptimizerOptions::of(o)), own(std::move(o)) {}

std::vector<std::string> Adagrad::slotNames() const { return {"accumulator"}; }

Tensor Adagrad::update(const Weight &w, const Tensor &g, const Tensor &lr) {
  Tensor a = Tensor(slot(0, w)) + square(g);
  assign(slot(0, w), a);
  return w.value - lr * g / sqrt(a + own.epsilon);
}

Json Adagrad::get_config() const {
  Json c = Optimizer::get_config();
  c["initial_accumulator_value"] = own.initial_accumulator_value;
  c["epsilon"] = own.epsilon;
  return c;
}

static const OptimizerRegistration registration("Adagrad", [](const Json &c) {
  auto o = OptimizerOptions::read<AdagradOptions>(c);
  o.initial_accumulator_value = config::number(c, "initial_accumulator_value", o.initial_accumulator_value);
  o.epsilon = config::number(c, "epsilon", o.epsilon);
  return std::make_shared<Adagrad>(o);
});

} // namespace cornu::optimizers
