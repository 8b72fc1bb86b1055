#include "frontend/optimizers/nadam.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::optimizers {

Nadam::Nadam(NadamOptions o) : Optimizer("Nadam", OptimizerOptions::of(o)), own(std::move(o)) {
  shared = {Variable::create("u_product", name() + "/u_product", {}, {.initializer = initializers::Constant(1), .trainable = false, .role = Role::Optimizer})};
}

std::vector<std::string> Nadam::slotNames() const { return {"momentum", "velocity"}; }

namespace {
Tensor schedule(double beta_1, const Tensor &step) { return beta_1 * (1 - 0.5 * pow(0.96, step)); }
} // namespace

void Nadam::begin(const Tensor &step) { assign(shared[0], Tensor(shared[0]) * schedule(own.beta_1, step)); }

Tensor Nadam::update(const Weight &w, const Tensor &g, const Tensor &lr) {
  Tensor now = schedule(own.beta_1, w.step), next = schedule(own.beta_1, w.step + 1), product = Tensor(shared[0]) * now;
  Tensor m = slot(0, w), v = slot(1, w);
  // 1 - beta in the type of the weight, as Keras has it: in float32 it is a little less than 0.001.
  m = m + (g - m) * (1 - cast(own.beta_1, g.dtype()));
  v = v + (square(g) - v) * (1 - cast(own.beta_2, g.dtype()));
  assign(slot(0, w), m);
  assign(slot(1, w), v);
  Tensor ahead = next * m / (1 - product * next) + (1 - now) * g / (1 - product);
  return w.value - ahead * lr / (sqrt(v / (1 - pow(own.beta_2, w.step))) + own.epsilon);
}

Json Nadam::get_config() const {
  Json c = Optimizer::get_config();
  c["beta_1"] = own.beta_1;
  c["beta_2"] = own.beta_2;
  c["epsilon"] = own.epsilon;
  return c;
}

static const OptimizerRegistration registration("Nadam", [](const Json &c) {
  auto o = OptimizerOptions::read<NadamOptions>(c);
  o.beta_1 = config::number(c, "beta_1", o.beta_1);
  o.beta_2 = config::number(c, "beta_2", o.beta_2);
  o.epsilon = config::number(c, "epsilon", o.epsilon);
  return std::make_shared<Nadam>(o);
});

} // namespace cornu::optimizers
