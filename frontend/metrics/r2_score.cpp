#include "frontend/metrics/r2_score.h"

#include <limits>

#include "frontend/losses/losses.h"
#include "frontend/metrics/make.h"

namespace cornu::metrics {

namespace {
/// Σy, Σy², Σ(y - p)² and Σ1, weighted, of each output; the number of elements.
Tensors increments(const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) {
  auto [t, p] = losses::alignRanks(cast(y_true, DType::Float32), cast(y_pred, DType::Float32));
  if (t.rank() != 2 || t.shape() != p.shape())
    throw UserError("R2Score: y_true and y_pred must have the shape (batch, outputs)", "shapes " + shapeString(y_true.shape()) + " and " + shapeString(y_pred.shape()));
  Tensor w = elementWeights(sample_weight, p.shape());
  Tensor weights = w ? broadcast_to(w, p.shape()) : broadcast_to(Tensor(1.0f), p.shape());
  Tensor samples = cast(batch_size(), DType::Float32) * static_cast<double>(p.dim(-1));
  return {sum(t * weights, 0), sum(square(t) * weights, 0), sum(square(t - p) * weights, 0), sum(weights, 0), samples};
}

Tensor score(const R2ScoreOptions &o, const Tensors &totals) {
  Tensor variance = totals[1] - totals[0] * (totals[0] / totals[3]), raw = 1 - totals[2] / variance;
  raw = where(abs(raw) > static_cast<double>(std::numeric_limits<float>::max()), 0, raw);
  Tensor r2 = o.class_aggregation == "uniform_average" ? mean(raw) : sum(variance * raw) / sum(variance);
  if (o.num_regressors == 0) return r2;
  // With too few samples for the adjustment Keras leaves the score as it is.
  Tensor n = totals[4], degrees = n - static_cast<double>(o.num_regressors) - 1;
  return where(degrees > 0, 1 - (1 - r2) * (n - 1) / where(degrees > 0, degrees, 1), r2);
}
} // namespace

Metric R2Score(R2ScoreOptions o) {
  if (o.class_aggregation != "uniform_average" && o.class_aggregation != "variance_weighted_average")
    throw UserError("R2Score: class_aggregation must be 'uniform_average' or 'variance_weighted_average': a log shows one number", "class_aggregation='" + o.class_aggregation + "'");
  if (o.num_regressors < 0) throw UserError("R2Score: num_regressors must not be negative", "num_regressors=" + std::to_string(o.num_regressors));
  Json own = Json::object({{"class_aggregation", o.class_aggregation}, {"num_regressors", o.num_regressors}});
  return Metric("R2Score", configOf(o.name, own), Accumulator{increments, [o](const Tensors &totals) { return score(o, totals); }}).directed(Direction::Up);
}

void addR2Score(ComponentTable<Metric> &table) {
  table.add("R2Score", {"r2_score"}, [](const Json &c) {
    // A null in a file is Keras's None, which gives a score for each output.
    const Json *aggregation = c.find("class_aggregation");
    return R2Score({.class_aggregation = aggregation ? (aggregation->isNull() ? "None" : aggregation->asString()) : "uniform_average",
                    .num_regressors = config::integer(c, "num_regressors", 0), .name = config::text(c, "name", "r2_score")});
  });
}

} // namespace cornu::metrics
