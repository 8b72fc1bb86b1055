#include "frontend/optimizers/adam.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::optimizers {

Adam::Adam(AdamOptions o) : Adam("Adam", std::move(o)) {}
Adam::Adam(const char *class_name, AdamOptions o) : Optimizer(class_name, OptimizerOptions::of(o)), own(std::move(o)) {}

AdamW::AdamW(AdamWOptions o)
    : Adam("AdamW", OptimizerOptions::of(o).within(AdamOptions{.beta_1 = o.beta_1, .beta_2 = o.beta_2, .epsilon = o.epsilon, .amsgrad = o.amsgrad})) {}

std::vector<std::string> Adam::slotNames() const {
  std::vector<std::string> names = {"momentum", "velocity"};
  if (own.amsgrad) names.push_back("velocity_hat");
  return names;
}

Tensor Adam::update(const Weight &w, const Tensor &g, const Tensor &lr) {
  Tensor rate = lr * sqrt(1 - pow(own.beta_2, w.step)) / (1 - pow(own.beta_1, w.step));
  Tensor m = slot(0, w), v = slot(1, w);
  m = m + (g - m) * (1 - own.beta_1);
  v = v + (square(g) - v) * (1 - own.beta_2);
  assign(slot(0, w), m);
  assign(slot(1, w), v);
  if (own.amsgrad) {
    v = maximum(slot(2, w), v);
    assign(slot(2, w), v);
  }
  return w.value - m * rate / (sqrt(v) + own.epsilon);
}

Json Adam::get_config() const {
  Json c = Optimizer::get_config();
  c["beta_1"] = own.beta_1;
  c["beta_2"] = own.beta_2;
  c["epsilon"] = own.epsilon;
  c["amsgrad"] = own.amsgrad;
  return c;
}

namespace {
template <class O> O read(const Json &c) {
  auto o = OptimizerOptions::read<O>(c);
  o.beta_1 = config::number(c, "beta_1", o.beta_1);
  o.beta_2 = config::number(c, "beta_2", o.beta_2);
  o.epsilon = config::number(c, "epsilon", o.epsilon);
  o.amsgrad = config::flag(c, "amsgrad", o.amsgrad);
  return o;
}
} // namespace

static const OptimizerRegistration adam("Adam", [](const Json &c) { return std::make_shared<Adam>(read<AdamOptions>(c)); });
static const OptimizerRegistration adamW("AdamW", [](const Json &c) { return std::make_shared<AdamW>(read<AdamWOptions>(c)); });

} // namespace cornu::optimizers
