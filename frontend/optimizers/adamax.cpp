#include "frontend/optimizers/adamax.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::optimizers {

Adamax::Adamax(AdamaxOptions o) : Optimizer("Adamax", OptimizerOptions::of(o)), own(std::move(o)) {}

std::vector<std::string> Adamax::slotNames() const { return {"momentum", "norm"}; }

Tensor Adamax::update(const Weight &w, const Tensor &g, const Tensor &lr) {
  Tensor m = slot(0, w);
  m = m + (g - m) * (1 - own.beta_1);
  assign(slot(0, w), m);
  Tensor u = maximum(own.beta_2 * Tensor(slot(1, w)), abs(g));
  assign(slot(1, w), u);
  return w.value - lr * m / ((1 - pow(own.beta_1, w.step)) * (u + own.epsilon));
}

Json Adamax::get_config() const {
  Json c = Optimizer::get_config();
  c["beta_1"] = own.beta_1;
  c["beta_2"] = own.beta_2;
  c["epsilon"] = own.epsilon;
  return c;
}

static const OptimizerRegistration registration("Adamax", [](const Json &c) {
  auto o = OptimizerOptions::read<AdamaxOptions>(c);
  o.beta_1 = config::number(c, "beta_1", o.beta_1);
  o.beta_2 = config::number(c, "beta_2", o.beta_2);
  o.epsilon = config::number(c, "epsilon", o.epsilon);
  return std::make_shared<Adamax>(o);
});

} // namespace cornu::optimizers
