#include "frontend/layers/maximum.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tensor Maximum::call(const Tensors &xs) {
  return mergeUnmasked(xs, [](const Tensor &a, const Tensor &b) { return maximum(a, b); });
}

static const LayerRegistration registration("Maximum", [](const Json &c) { return Maximum(config::layerOptions(c)).shared(); });

} // namespace cornu
