#include "frontend/layers/elu.h"

#include "frontend/activations/activations.h"
#include "frontend/layers/options.h"

namespace cornu {

ELU::ELU(ELUOptions options) : Layer(baseOf(options)), given(std::move(options)) {}

Tensor ELU::call(const Tensor &x) { return activations::elu(x, given.alpha); }

Json ELU::get_config() const {
  // Keras derives this config from the constructor's arguments, which puts alpha second.
  Json c = Json::object({{"name", name()}, {"alpha", given.alpha}}), base = Layer::get_config();
  for (const auto &[key, value] : base.asObject()) c[key] = value;
  return c;
}

static const LayerRegistration registration("ELU", [](const Json &c) {
  return ELU(withBase(ELUOptions{.alpha = config::number(c, "alpha", 1)}, c)).shared();
});

} // namespace cornu
