#include "frontend/optimizers/lion.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::optimizers {

Lion::Lion(LionOptions o) : Optimizer("Lion", OptimizerOptions::of(o)), own(std::move(o)) {
  if (!(own.beta_1 > 0 && own.beta_1 <= 1)) throw UserError("Lion: beta_1 must be in (0, 1]", "beta_1=" + pythonRepr(own.beta_1));
}

std::vector<std::string> Lion::slotNames() const { return {"momentum"}; }

Tensor Lion::update(const Weight &w, const Tensor &g, const Tensor &lr) {
  Tensor m = slot(0, w), beta_1 = cast(own.beta_1, g.dtype()), beta_2 = cast(own.beta_2, g.dtype());
  assign(slot(0, w), m * beta_2 + g * (1 - beta_2));
  return w.value - lr * sign(m * beta_1 + g * (1 - beta_1));
}

Json Lion::get_config() const {
  Json c = Optimizer::get_config();
  c["beta_1"] = own.beta_1;
  c["beta_2"] = own.beta_2;
  return c;
}

static const OptimizerRegistration registration("Lion", [](const Json &c) {
  auto o = OptimizerOptions::read<LionOptions>(c);
  o.beta_1 = config::number(c, "beta_1", o.beta_1);
  o.beta_2 = config::number(c, "beta_2", o.beta_2);
  return std::make_shared<Lion>(o);
});

} // namespace cornu::optimizers
