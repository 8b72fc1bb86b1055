#include "frontend/optimizers/sgd.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::optimizers {

namespace {
SGDOptions decayed(SGDOptions o) {
  if (o.decay == 0) return o;
  if (o.decay < 0) throw UserError("SGD: decay must not be negative", "decay=" + pythonRepr(o.decay));
  if (o.learning_rate.isSchedule()) throw UserError("SGD: decay goes with a number as learning_rate, not with a schedule");
  o.learning_rate = schedules::InverseTimeDecay(o.learning_rate.value(), 1, o.decay);
  return o;
}
} // namespace

SGD::SGD(SGDOptions o) : Optimizer("SGD", OptimizerOptions::of(decayed(o))), momentum(o.momentum), nesterov(o.nesterov) {
  if (!(momentum >= 0 && momentum <= 1)) throw UserError("SGD: momentum must be in [0, 1]", "momentum=" + pythonRepr(momentum));
}

std::vector<std::string> SGD::slotNames() const { return momentum != 0 ? std::vector<std::string>{"momentum"} : std::vector<std::string>{}; }

Tensor SGD::update(const Weight &w, const Tensor &g, const Tensor &lr) {
  if (momentum == 0) return w.value - lr * g;
  Tensor m = momentum * Tensor(slot(0, w)) - lr * g;
  assign(slot(0, w), m);
  return nesterov ? w.value + (momentum * m - lr * g) : w.value + m;
}

Json SGD::get_config() const {
  Json c = Optimizer::get_config();
  c["momentum"] = momentum;
  c["nesterov"] = nesterov;
  return c;
}

static const OptimizerRegistration registration("SGD", [](const Json &c) {
  auto o = OptimizerOptions::read<SGDOptions>(c);
  o.momentum = config::number(c, "momentum", o.momentum);
  o.nesterov = config::flag(c, "nesterov", o.nesterov);
  o.decay = config::number(c, "decay", o.decay);
  return std::make_shared<SGD>(o);
});

} // namespace cornu::optimizers
