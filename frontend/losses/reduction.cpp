#include "frontend/losses/reduction.h"

#include "frontend/losses/losses.h"
#include "frontend/ops/emit.h"

namespace cornu::losses {

namespace {
/// NumPy's rule, where the batch is an extent like no other.
bool broadcasts(const Shape &a, const Shape &b) {
  for (size_t i = 1; i <= std::min(a.size(), b.size()); ++i) {
    int64_t x = a[a.size() - i], y = b[b.size() - i];
    if (x != y && x != 1 && y != 1) return false;
  }
  return true;
}

} // namespace

Tensor divideNoNan(const Tensor &x, const Tensor &y) {
  // The divisor is replaced, too: 0 · inf in a gradient would be NaN.
  Tensor none = equal(y, 0);
  return where(none, 0, x / where(none, 1, y));
}

Tensor reduce(const Tensor &values, const Tensor &weights, const std::string &reduction) {
  if (!weights) return reduction == "none" ? values : reduction == "sum" ? sum(values) : mean(values);
  auto [v, w] = alignRanks(values, cast(weights, values.dtype()));
  if (!broadcasts(v.shape(), w.shape()))
    throw UserError("sample_weight must hold a weight for each value of the loss, whose shape is " + shapeString(values.shape()), "shape=" + shapeString(weights.shape()));
  Tensor weighted = v * w;
  if (reduction == "none") return weighted;
  if (reduction == "sum") return sum(weighted);
  return reduction == "mean_with_sample_weight" ? divideNoNan(sum(weighted), sum(w)) : mean(weighted);
}

Tensor maskedWeight(const Tensor &sample_weight, const Tensor &mask, DType dtype, const std::string &reduction) {
  Tensor weight = sample_weight ? cast(sample_weight, dtype) : Tensor();
  if (!mask) return weight;
  Tensor counts = cast(mask, dtype);
  if (reduction == "sum_over_batch_size" || reduction == "mean") counts = counts * divideNoNan(ops::elementCount(mask.shape(), dtype), sum(counts));
  if (!weight) return counts;
  auto [m, w] = alignRanks(counts, weight);
  return m * w;
}

} // namespace cornu::losses
