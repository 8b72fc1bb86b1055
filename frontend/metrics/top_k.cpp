#include "frontend/metrics/top_k.h"

#include "frontend/metrics/make.h"

namespace cornu::metrics {

namespace {
Tensor hits(const Tensor &classes, const Tensor &p, int64_t k) {
  Tensor own = sum(where(one_hot(classes, p.dim(-1), p.dtype()) > 0.5, p, 0), -1);
  Tensor above = sum(cast(p > expand_dims(own, -1), DType::Float32), -1);
  // p - p is 0 unless a score is infinite or not a number, which makes a miss.
  Tensor finite = equal(sum(p - p, -1), 0);
  return cast(logical_and(above < k, finite), DType::Float32);
}
} // namespace

Metric TopKCategoricalAccuracy(TopKCategoricalAccuracyOptions o) {
  return Metric("TopKCategoricalAccuracy", configOf(o.name, Json::object({{"k", o.k}})),
                [k = o.k](const Tensor &t, const Tensor &p) { return hits(argmax(t), p, k); }).directed(Direction::Up);
}
Metric SparseTopKCategoricalAccuracy(SparseTopKCategoricalAccuracyOptions o) {
  return Metric("SparseTopKCategoricalAccuracy", configOf(o.name, Json::object({{"k", o.k}})), [k = o.k](const Tensor &t, const Tensor &p) {
    return hits(t.rank() == p.rank() && t.dim(-1) == 1 ? squeeze(t, -1) : t, p, k);
  }).directed(Direction::Up);
}

void addTopK(ComponentTable<Metric> &table) {
  table.add("TopKCategoricalAccuracy", {"top_k_categorical_accuracy"}, [](const Json &c) {
    return TopKCategoricalAccuracy({config::text(c, "name", "top_k_categorical_accuracy"), config::integer(c, "k", 5)});
  });
  table.add("SparseTopKCategoricalAccuracy", {"sparse_top_k_categorical_accuracy"}, [](const Json &c) {
    return SparseTopKCategoricalAccuracy({config::text(c, "name", "sparse_top_k_categorical_accuracy"), config::integer(c, "k", 5)});
  });
}

} // namespace cornu::metrics
