#include "frontend/layers/multiply.h"

#include "frontend/core/config.h"
#include "frontend/layers/merge.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tensor Multiply::call(const Tensors &xs) {
  return mergeAll(xs, [](const Tensor &a, const Tensor &b) { return a * b; });
}

static const LayerRegistration registration("Multiply", [](const Json &c) { return Multiply(config::layerOptions(c)).shared(); });

} // namespace cornu
