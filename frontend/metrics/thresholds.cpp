#include "frontend/metrics/thresholds.h"

#include "frontend/ops/emit.h"

namespace cornu::metrics {

Tensor vectorOf(const std::vector<float> &numbers) {
  auto type = trace::tensorType({static_cast<int64_t>(numbers.size())}, DType::Float32);
  return ops::wrap(ir::ConstantOp::create(trace::here().builder, trace::here().location(), mlir::DenseElementsAttr::get(type, llvm::ArrayRef(numbers))));
}

void selectClass(Tensor &t, Tensor &p, std::optional<int64_t> class_id) {
  if (!class_id) return;
  if (p.rank() < 2) throw UserError("metrics: with class_id y_pred must have an axis of classes", "shape=" + shapeString(p.shape()));
  if (*class_id < 0 || *class_id >= p.dim(-1))
    throw UserError("metrics: class_id must be a position of the last axis, which has " + std::to_string(p.dim(-1)), "class_id=" + std::to_string(*class_id));
  t = slice(t, -1, *class_id, *class_id + 1), p = slice(p, -1, *class_id, *class_id + 1);
}

namespace {
/// Whether each prediction is above each threshold, along a new last axis.
Tensor aboveEach(const Thresholds &thresholds, const Tensor &p) {
  std::vector<float> edges;
  if (!thresholds.listed.empty()) {
    for (double threshold : thresholds.listed) edges.push_back(static_cast<float>(threshold));
    return expand_dims(p, -1) > vectorOf(edges);
  }
  // Keras sorts predictions into buckets: above threshold i are those from bucket i on.
  for (int64_t i = 0; i < thresholds.evenly; ++i) edges.push_back(static_cast<float>(i));
  Tensor bucket = ceil(clip(p, 0, 1) * static_cast<double>(thresholds.evenly - 1)) - 1;
  return expand_dims(thresholds.zeroIsAbove ? maximum(bucket, 0) : bucket, -1) >= vectorOf(edges);
}
} // namespace

ThresholdCounts countAt(const Thresholds &thresholds, const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) {
  Tensor p = cast(y_pred, DType::Float32), right = cast(not_equal(y_true, 0), DType::Float32), wrong = 1 - right;
  if (Tensor w = elementWeights(sample_weight, p.shape())) right = right * w, wrong = wrong * w;
  Tensor positive = cast(aboveEach(thresholds, p), DType::Float32), negative = 1 - positive;
  std::vector<int64_t> axes;
  for (int64_t axis = 0; axis < (thresholds.perLabel ? 1 : p.rank()); ++axis) axes.push_back(axis);
  auto both = [&](const Tensor &predicted, const Tensor &truth) { return sum(predicted * expand_dims(truth, -1), axes); };
  return {both(positive, right), both(positive, wrong), both(negative, wrong), both(negative, right), sum(right, axes), sum(wrong, axes)};
}

} // namespace cornu::metrics
