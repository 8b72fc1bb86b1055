#include "frontend/metrics/f_score.h"

#include "frontend/metrics/make.h"

namespace cornu::metrics {

namespace {

constexpr double epsilon = 1e-7;

/// True positives, false positives, false negatives and labels, of each class, or with "micro" of all.
Tensors increments(const FBetaScoreOptions &o, const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) {
  if (y_pred.rank() != 2 || y_true.rank() != 2)
    throw UserError("FBetaScore: y_true and y_pred must have two axes, (batch, classes)", "shapes " + shapeString(y_true.shape()) + " and " + shapeString(y_pred.shape()));
  Tensor t = cast(y_true, DType::Float32), p = cast(y_pred, DType::Float32);
  Tensor chosen = o.threshold ? p > *o.threshold : logical_and(p >= max(p, -1, {.keepdims = true}), abs(p) > 1e-9);
  p = cast(chosen, DType::Float32);
  if (sample_weight && sample_weight.rank() != 1) failWeights(p.shape(), sample_weight.shape());
  Tensor w = elementWeights(sample_weight, p.shape());
  Axes axes = o.average == "micro" ? Axes() : Axes(0);
  return {weightedSum(p * t, w, axes), weightedSum(p * (1 - t), w, axes), weightedSum((1 - p) * t, w, axes), weightedSum(t, w, axes)};
}

/// (1 + β²) · precision · recall / (β² · precision + recall) of each class, averaged.
Tensor score(const FBetaScoreOptions &o, const Tensors &totals) {
  const Tensor &right = totals[0], &labels = totals[3];
  Tensor precision = right / (right + totals[1] + epsilon), recall = right / (right + totals[2] + epsilon);
  Tensor f = precision * recall / (o.beta * o.beta * precision + recall + epsilon) * (1 + o.beta * o.beta);
  if (o.average == "weighted") return sum(f * (labels / (sum(labels) + epsilon)));
  return o.average && f.rank() ? mean(f) : f;
}

Metric make(const char *className, const FBetaScoreOptions &o) {
  if (o.average && o.average != "macro" && o.average != "micro" && o.average != "weighted")
    throw UserError(std::string(className) + ": average must be none, 'macro', 'micro' or 'weighted'", "average='" + *o.average + "'");
  if (o.beta <= 0) throw UserError(std::string(className) + ": beta must be positive", "beta=" + pythonRepr(o.beta));
  Json own = Json::object({{"average", o.average}, {"beta", o.beta}, {"threshold", o.threshold}});
  if (className == std::string_view("F1Score")) own.erase("beta");
  return Metric(className, configOf(o.name, own), Accumulator{[o](const Tensor &t, const Tensor &p, const Tensor &w) { return increments(o, t, p, w); },
                                                              [o](const Tensors &totals) { return score(o, totals); }}).directed(Direction::Up);
}

FBetaScoreOptions read(const Json &c, const char *name) {
  const Json &average = c.get("average");
  return {average.isNull() ? std::nullopt : std::optional(average.asString()), config::number(c, "beta", 1), config::optionalNumber(c, "threshold"), config::text(c, "name", name)};
}

} // namespace

Metric FBetaScore(FBetaScoreOptions o) { return make("FBetaScore", o); }
Metric F1Score(F1ScoreOptions o) { return make("F1Score", {o.average, 1, o.threshold, o.name}); }

void addScores(ComponentTable<Metric> &table) {
  table.add("FBetaScore", {"fbeta_score"}, [](const Json &c) { return make("FBetaScore", read(c, "fbeta_score")); });
  table.add("F1Score", {"f1_score"}, [](const Json &c) { return make("F1Score", read(c, "f1_score")); });
}

} // namespace cornu::metrics
