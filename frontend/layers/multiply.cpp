#include "frontend/layers/multiply.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tensor Multiply::call(const Tensors &xs) {
  // What is masked counts as 1; what all of them mask is 0.
  Tensor product, valid;
  bool allMasked = true;
  for (const Tensor &x : sameRank(xs)) {
    Tensor mask = fullMask(x), factor = mask ? where(mask, x, 1) : x;
    allMasked = allMasked && mask;
    if (allMasked) valid = valid ? logical_or(valid, mask) : mask;
    product = product ? product * factor : factor;
  }
  return allMasked ? where(valid, product, 0) : product;
}

static const LayerRegistration registration("Multiply", [](const Json &c) { return Multiply(config::layerOptions(c)).shared(); });

} // namespace cornu
