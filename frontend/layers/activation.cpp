#include "frontend/layers/activation.h"

#include "frontend/core/config.h"

namespace cornu {

Json Activation::get_config() const {
  Json c = Layer::get_config();
  c["activation"] = config::serialize(activation);
  return c;
}

static const LayerRegistration registration("Activation", [](const Json &c) {
  return Activation(config::activation(c, "activation"), config::layerOptions(c)).shared();
});

} // namespace cornu
