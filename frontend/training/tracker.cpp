#include "frontend/training/tracker.h"

#include <algorithm>

#include "frontend/losses/reduction.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tracker::Tracker(std::string name, std::string key, std::function<Tensor(const Tensors &)> result)
    : ownName(std::move(name)), logKey(std::move(key)), compute(std::move(result)) {}

LogValue Tracker::result() const {
  if (totals.empty()) return 0.0;
  if (isList) return std::vector<double>(values.begin(), values.end());
  if (compute) return values[0];
  // In float32, as Keras divides.
  double count = totals[1].value().at(0);
  return count == 0 ? 0.0 : static_cast<double>(static_cast<float>(totals[0].value().at(0)) / static_cast<float>(count));
}

void Tracker::reset() {
  for (Variable &total : totals) total.fill(0);
  std::fill(values.begin(), values.end(), 0.f);
}

void Tracker::update(const Tensors &increments) {
  for (size_t i = totals.size(); i < increments.size(); ++i) {
    std::string name = compute ? "total_" + std::to_string(i) : i == 0 ? "total" : "count";
    totals.push_back(Variable::create(name, "metrics/" + logKey + "/" + name, increments[i].shape(), {.trainable = false, .role = Role::Metric}));
  }
  for (size_t i = 0; i < totals.size(); ++i) assign(totals[i], Tensor(totals[i]) + cast(increments[i], DType::Float32));
}

Tensor Tracker::emitResult() {
  Tensors sums(totals.begin(), totals.end());
  Tensor metric = cast(compute ? compute(sums) : losses::divideNoNan(sums[0], sums[1]), DType::Float32);
  if (metric.rank() > 1) throw UserError("the metric '" + ownName + "' must be a number or a list of numbers", "shape=" + shapeString(metric.shape()));
  isList = metric.rank() == 1;
  values.assign(isList ? static_cast<size_t>(metric.dim(0)) : 1, 0.f);
  return metric;
}

} // namespace cornu
