#include "frontend/optimizers/sgd.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::optimizers {

namespace {
LearningRate decayed(const LearningRate &rate, double decay) {
  if (decay == 0) return rate;
  if (decay < 0) throw UserError("SGD: decay must not be negative", "decay=" + pythonRepr(decay));
  if (rate.isSchedule()) throw UserError("SGD: decay goes with a number as learning_rate, not with a schedule");
  return schedules::InverseTimeDecay(rate.value(), 1, decay);
}
} // namespace

SGD::SGD(SGDOptions o)
    : Optimizer("SGD", {.learning_rate = decayed(o.learning_rate, o.decay), .weight_decay = o.weight_decay, .clipnorm = o.clipnorm,
                        .clipvalue = o.clipvalue, .global_clipnorm = o.global_clipnorm, .name = o.name}),
      momentum(o.momentum), nesterov(o.nesterov) {
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
  using namespace config;
  return std::make_shared<SGD>(SGDOptions{.learning_rate = c.contains("learning_rate") ? LearningRate::from_config(c.at("learning_rate")) : LearningRate(0.01),
                                          .momentum = number(c, "momentum", 0), .nesterov = flag(c, "nesterov", false), .decay = number(c, "decay", 0),
                                          .weight_decay = optionalNumber(c, "weight_decay"), .clipnorm = optionalNumber(c, "clipnorm"),
                                          .clipvalue = optionalNumber(c, "clipvalue"), .global_clipnorm = optionalNumber(c, "global_clipnorm"),
                                          .name = text(c, "name", "")});
});

} // namespace cornu::optimizers
