#include "frontend/metrics/top_k.h"

#include <algorithm>

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
  Json own = Json::object({{"k", o.k}});
  if (o.from_sorted_ids) own["from_sorted_ids"] = true;
  return Metric("SparseTopKCategoricalAccuracy", configOf(o.name, own), [o](const Tensor &t, const Tensor &p) {
    Tensor classes = t.rank() == p.rank() && t.dim(-1) == 1 ? squeeze(t, -1) : t;
    if (!o.from_sorted_ids) return hits(classes, p, o.k);
    Tensor first = slice(p, -1, 0, std::min(o.k, p.dim(-1)));
    return cast(any(equal(expand_dims(cast(classes, p.dtype()), -1), first), -1), DType::Float32);
  }).directed(Direction::Up);
}

void addTopK(ComponentTable<Metric> &table) {
  table.add("TopKCategoricalAccuracy", {"top_k_categorical_accuracy"}, [](const Json &c) {
    return TopKCategoricalAccuracy({config::text(c, "name", "top_k_categorical_accuracy"), config::integer(c, "k", 5)});
  });
  table.add("SparseTopKCategoricalAccuracy", {"sparse_top_k_categorical_accuracy"}, [](const Json &c) {
    return SparseTopKCategoricalAccuracy(
        {config::text(c, "name", "sparse_top_k_categorical_accuracy"), config::integer(c, "k", 5), config::flag(c, "from_sorted_ids", false)});
  });
}

} // namespace cornu::metrics
