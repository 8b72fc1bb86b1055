#include "frontend/layers/add.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tensor Add::call(const Tensors &xs) {
  return mergeAll(xs, [](const Tensor &a, const Tensor &b) { return a + b; });
}

static const LayerRegistration registration("Add", [](const Json &c) { return Add(config::layerOptions(c)).shared(); });

} // namespace cornu
