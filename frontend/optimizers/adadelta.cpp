#include "frontend/optimizers/adadelta.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::optimizers {

Adadelta::Adadelta(AdadeltaOptions o) : Optimizer("Adadelta", OptimizerOptions::of(o)), own(std::move(o)) {}

std::vector<std::string> Adadelta::slotNames() const { return {"accumulated_grad", "accumulated_delta_var"}; }

Tensor Adadelta::update(const Weight &w, const Tensor &g, const Tensor &lr) {
  Tensor steps = slot(1, w);
  Tensor a = own.rho * Tensor(slot(0, w)) + (1 - own.rho) * square(g);
  assign(slot(0, w), a);
  Tensor delta = -(sqrt(steps + own.epsilon) * g / sqrt(a + own.epsilon));
  assign(slot(1, w), own.rho * steps + (1 - own.rho) * square(delta));
  return w.value + lr * delta;
}

Json Adadelta::get_config() const {
  Json c = Optimizer::get_config();
  c["rho"] = own.rho;
  c["epsilon"] = own.epsilon;
  return c;
}

static const OptimizerRegistration registration("Adadelta", [](const Json &c) {
  auto o = OptimizerOptions::read<AdadeltaOptions>(c);
  o.rho = config::number(c, "rho", o.rho);
  o.epsilon = config::number(c, "epsilon", o.epsilon);
  return std::make_shared<Adadelta>(o);
});

} // namespace cornu::optimizers
