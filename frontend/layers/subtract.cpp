#include "frontend/layers/subtract.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tensor Subtract::call(const Tensors &xs) {
  if (xs.size() != 2) fail("must be called on exactly 2 tensors", std::to_string(xs.size()));
  return mergeAll(xs, [](const Tensor &a, const Tensor &b) { return a - b; });
}

static const LayerRegistration registration("Subtract", [](const Json &c) { return Subtract(config::layerOptions(c)).shared(); });

} // namespace cornu
