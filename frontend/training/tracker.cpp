#include "frontend/training/tracker.h"

#include "frontend/losses/reduction.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tracker::Tracker(std::string name, std::string key, std::function<Tensor(const Tensors &)> result)
    : ownName(std::move(name)), logKey(std::move(key)), compute(std::move(result)) {}

double Tracker::result() const {
  if (totals.empty()) return 0;
  if (compute) return value;
  // In float32, as Keras divides.
  double count = totals[1].value().at(0);
  return count == 0 ? 0 : static_cast<double>(static_cast<float>(totals[0].value().at(0)) / static_cast<float>(count));
}

void Tracker::reset() {
  for (Variable &total : totals) total.fill(0);
  value = 0;
}

void Tracker::update(const Tensors &increments) {
  for (size_t i = totals.size(); i < increments.size(); ++i) {
    std::string name = compute ? "total_" + std::to_string(i) : i == 0 ? "total" : "count";
    totals.push_back(Variable::create(name, "metrics/" + logKey + "/" + name, increments[i].shape(), {.trainable = false, .role = Role::Metric}));
  }
  for (size_t i = 0; i < totals.size(); ++i) assign(totals[i], Tensor(totals[i]) + cast(increments[i], DType::Float32));
}

Tensor Tracker::emitResult() const {
  Tensors values(totals.begin(), totals.end());
  return cast(compute ? compute(values) : losses::divideNoNan(values[0], values[1]), DType::Float32);
}

} // namespace cornu
