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

Tensor mergeAll(const Tensors &xs, Tensor (*f)(const Tensor &, const Tensor &)) {
  Tensor merged;
  for (const Tensor &x : sameRank(xs)) merged = merged ? f(merged, x) : x;
  return merged;
}

} // namespace cornu
