#include "frontend/optimizers/rmsprop.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::optimizers {

RMSprop::RMSprop(RMSpropOptions o) : Optimizer("RMSprop", OptimizerOptions::of(o)), own(std::move(o)) {}

std::vector<std::string> RMSprop::slotNames() const {
  std::vector<std::string> names = {"velocity"};
  if (own.momentum > 0) names.push_back("momentum");
  if (own.centered) names.push_back("average_gradient");
  return names;
}

Tensor RMSprop::update(const Weight &w, const Tensor &g, const Tensor &lr) {
  size_t next = 0;
  const Variable &velocity = slot(next++, w);
  Tensor v = own.rho * Tensor(velocity) + (1 - own.rho) * square(g);
  assign(velocity, v);
  const Variable *momentum = own.momentum > 0 ? &slot(next++, w) : nullptr;
  Tensor denominator = v + own.epsilon;
  if (own.centered) {
    const Variable &average = slot(next++, w);
    Tensor a = own.rho * Tensor(average) + (1 - own.rho) * g;
    assign(average, a);
    denominator = denominator - square(a);
  }
  Tensor step = lr * g / sqrt(denominator);
  if (!momentum) return w.value - step;
  Tensor m = own.momentum * Tensor(*momentum) + step;
  assign(*momentum, m);
  return w.value - m;
}

Json RMSprop::get_config() const {
  Json c = Optimizer::get_config();
  c["rho"] = own.rho;
  c["momentum"] = own.momentum;
  c["epsilon"] = own.epsilon;
  c["centered"] = own.centered;
  return c;
}

static const OptimizerRegistration registration("RMSprop", [](const Json &c) {
  auto o = OptimizerOptions::read<RMSpropOptions>(c);
  o.rho = config::number(c, "rho", o.rho);
  o.momentum = config::number(c, "momentum", o.momentum);
  o.epsilon = config::number(c, "epsilon", o.epsilon);
  o.centered = config::flag(c, "centered", o.centered);
  return std::make_shared<RMSprop>(o);
});

} // namespace cornu::optimizers
