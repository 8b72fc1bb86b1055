// How sample weights enter metrics.
#include "frontend/losses/losses.h"
#include "frontend/metrics/make.h"

namespace cornu::metrics {

void failWeights(const Shape &values, const Shape &weights) {
  throw UserError("sample_weight must hold a weight for each value of the metric, whose shape is " + shapeString(values) + ", or for each sample", "shape=" + shapeString(weights));
}

namespace {
/// Whether weights of this shape, of as many axes, can be repeated to fill `values`.
bool fills(const Shape &weights, const Shape &values) {
  for (size_t i = 0; i < weights.size(); ++i)
    if (weights[i] != values[i] && weights[i] != 1) return false;
  return weights.size() == values.size();
}

/// The mean over the axes from `first` on.
Tensor meanFrom(const Tensor &x, int64_t first) {
  std::vector<int64_t> axes;
  for (int64_t axis = first; axis < x.rank(); ++axis) axes.push_back(axis);
  return axes.empty() ? x : mean(x, axes);
}
} // namespace

Tensors meanIncrements(const Tensor &values, const Tensor &sample_weight) {
  if (!sample_weight) {
    Tensor samples = meanFrom(values, 1);
    Tensor count = values.rank() == 0 ? Tensor(1) : values.dim(0) < 0 ? cast(batch_size(), DType::Float32) : Tensor(values.dim(0));
    return {sum(samples), count};
  }
  auto [v, w] = losses::alignRanks(values, cast(sample_weight, values.dtype()));
  v = meanFrom(v, w.rank());
  if (!fills(w.shape(), v.shape())) failWeights(values.shape(), sample_weight.shape());
  w = broadcast_to(w, v.shape());
  return {sum(meanFrom(v * w, 1)), sum(meanFrom(w, 1))};
}

Tensor elementWeights(const Tensor &sample_weight, const Shape &of) {
  if (!sample_weight) return {};
  Tensor w = cast(expand_dims(sample_weight, -1), DType::Float32);
  if (w.rank() == static_cast<int64_t>(of.size()) + 1) w = squeeze(w, -1);
  if (!fills(w.shape(), of)) failWeights(of, sample_weight.shape());
  return w;
}

} // namespace cornu::metrics
