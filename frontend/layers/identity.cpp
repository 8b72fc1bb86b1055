#include "frontend/layers/identity.h"

#include "frontend/core/config.h"

namespace cornu {
static const LayerRegistration registration("Identity", [](const Json &c) { return Identity(config::layerOptions(c)).shared(); });
} // namespace cornu
