// Activations over an axis.
#include "frontend/activations/activations.h"
#include "frontend/ops/ops.h"

namespace cornu::activations {

Tensor softmax(const Tensor &x) {
  if (x.rank() < 2) throw UserError("activation softmax needs a tensor with at least 2 axes", "shape=" + shapeString(x.shape()));
  return cornu::softmax(x, -1);
}
Tensor softmax(const Tensor &x, const OneOrMany<int64_t> &axis) {
  if (axis.list().size() == 1) return cornu::softmax(x, axis.list()[0]);
  Tensor e = exp(x - stop_gradient(max(x, axis.list(), {.keepdims = true})));
  return e / sum(e, axis.list(), {.keepdims = true});
}
Tensor log_softmax(const Tensor &x, int64_t axis) { return cornu::log_softmax(x, axis); }
Tensor log_softmax(const Tensor &x) { return cornu::log_softmax(x, -1); }

Tensor sparsemax(const Tensor &x, int64_t axis) {
  int64_t dim = axis < 0 ? axis + x.rank() : axis, n = x.dim(axis);
  if (n < 0) throw UserError("activation sparsemax: the axis must not be the batch", "axis=" + std::to_string(axis));
  // Without sorting: element j of axis `dim` against every element i of a new axis after it.
  Shape before(static_cast<size_t>(x.rank()) + 1, 1), across = before;
  before[static_cast<size_t>(dim)] = n, across[static_cast<size_t>(dim) + 1] = n;
  Tensor j = reshape(arange(n), before), i = reshape(arange(n), across);
  Tensor own = expand_dims(x, dim + 1), other = expand_dims(x, dim);
  Tensor ahead = where(other > own, 1, where(equal(other, own), cast(i <= j, x.dtype()), 0)); // i is not after j in descending order
  Tensor rank = sum(ahead, static_cast<int>(dim + 1)), partial = sum(ahead * other, static_cast<int>(dim + 1));
  Tensor supports = x > (partial - 1) / rank;
  Axes along(static_cast<int>(dim));
  Tensor k = sum(cast(supports, x.dtype()), along, {.keepdims = true});
  Tensor tau = (sum(where(supports, partial, 0), along, {.keepdims = true}) - 1) / k;
  return maximum(x - tau, 0);
}
Tensor sparsemax(const Tensor &x) { return sparsemax(x, -1); }

Tensor glu(const Tensor &x, int64_t axis) {
  int64_t extent = x.dim(axis);
  if (extent < 2 || extent % 2) throw UserError("activation glu: the extent of the axis must be even", "axis=" + std::to_string(axis) + " of shape " + shapeString(x.shape()));
  return slice(x, axis, 0, extent / 2) * cornu::sigmoid(slice(x, axis, extent / 2, extent));
}
Tensor glu(const Tensor &x) { return glu(x, -1); }

} // namespace cornu::activations
