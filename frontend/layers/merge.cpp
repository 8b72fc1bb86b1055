#include "frontend/layers/merge.h"

#include <algorithm>

#include "frontend/ops/ops.h"

namespace cornu {

Tensors sameRank(const Tensors &xs) {
  int64_t rank = 0;
  for (const Tensor &x : xs) rank = std::max(rank, x.rank());
  Tensors equal = xs;
  for (Tensor &x : equal)
    while (x.rank() < rank) x = expand_dims(x, 1);
  return equal;
}

Tensor fullMask(const Tensor &x) {
  Tensor mask = x.mask();
  if (!mask) return mask;
  return broadcast_to(mask.rank() < x.rank() ? expand_dims(mask, -1) : mask, x.shape());
}

Tensor anyMask(const Tensors &masks) {
  Tensor merged;
  for (const Tensor &mask : masks) {
    if (!mask) return {};
    merged = merged ? logical_or(merged, mask) : mask;
  }
  return merged;
}

Tensor mergeUnmasked(const Tensors &xs, Tensor (*f)(const Tensor &, const Tensor &)) {
  Tensor merged, mergedMask;
  for (Tensor x : sameRank(xs)) {
    Tensor mask = fullMask(x);
    if (merged) {
      if (mask) x = where(mask, x, merged);
      if (mergedMask) merged = where(mergedMask, merged, x);
      mergedMask = mask && mergedMask ? logical_or(mergedMask, mask) : Tensor();
      merged = f(merged, x);
    } else {
      merged = x, mergedMask = mask;
    }
  }
  return merged;
}

Tensor mergeAll(const Tensors &xs, Tensor (*f)(const Tensor &, const Tensor &)) {
  Tensor merged;
  for (const Tensor &x : sameRank(xs)) merged = merged ? f(merged, x) : x;
  return merged;
}

} // namespace cornu
