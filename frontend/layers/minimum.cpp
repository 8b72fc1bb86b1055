#include "frontend/layers/minimum.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tensor Minimum::call(const Tensors &xs) {
  return mergeUnmasked(xs, [](const Tensor &a, const Tensor &b) { return minimum(a, b); });
}

static const LayerRegistration registration("Minimum", [](const Json &c) { return Minimum(config::layerOptions(c)).shared(); });

} // namespace cornu
