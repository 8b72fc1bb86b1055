#include "frontend/layers/add.h"

#include <algorithm>

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tensor Add::call(const Tensors &xs) {
  int64_t rank = 0;
  for (const Tensor &x : xs) rank = std::max(rank, x.rank());
  Tensor total;
  for (Tensor x : xs) {
    while (x.rank() < rank) x = expand_dims(x, 1);
    total = total ? total + x : x;
  }
  return total;
}

static const LayerRegistration registration("Add", [](const Json &c) { return Add(config::layerOptions(c)).shared(); });

} // namespace cornu
