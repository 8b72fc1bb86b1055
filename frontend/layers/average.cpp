#include "frontend/layers/average.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tensor Average::call(const Tensors &xs) {
  Tensor total = mergeAll(xs, [](const Tensor &a, const Tensor &b) { return a + b; });
  return xs.size() == 1 ? total : total / static_cast<double>(xs.size());
}

static const LayerRegistration registration("Average", [](const Json &c) { return Average(config::layerOptions(c)).shared(); });

} // namespace cornu
