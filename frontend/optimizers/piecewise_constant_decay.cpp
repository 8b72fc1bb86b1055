#include "frontend/core/config.h"
#include "frontend/ops/ops.h"
#include "frontend/optimizers/schedules.h"

namespace cornu::schedules {

LearningRate PiecewiseConstantDecay(std::vector<int64_t> boundaries, std::vector<double> values, PiecewiseConstantDecayOptions o) {
  if (values.size() != boundaries.size() + 1 || boundaries.empty())
    throw UserError("PiecewiseConstantDecay: there must be one value more than boundaries, and at least one boundary",
                    std::to_string(boundaries.size()) + " boundaries and " + std::to_string(values.size()) + " values");
  return LearningRate("PiecewiseConstantDecay", Json::object({{"boundaries", boundaries}, {"values", values}, {"name", o.name}}), [=](const Tensor &step) {
    Tensor rate = values.back();
    for (size_t i = boundaries.size(); i-- > 0;) rate = where(step <= boundaries[i], values[i], rate);
    return rate;
  });
}

} // namespace cornu::schedules
