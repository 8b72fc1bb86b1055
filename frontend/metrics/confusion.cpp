#include "frontend/metrics/confusion.h"

#include "frontend/losses/losses.h"
#include "frontend/metrics/thresholds.h"

namespace cornu::metrics {

namespace {

/// Keras's `thresholds`, of which a log can show one.
OneOrMany<double> thresholdOf(const Json &c) {
  const Json &entry = c.get("thresholds");
  return entry.isNull() ? OneOrMany<double>(0.5) : OneOrMany<double>::from(entry);
}

double numberOf(const char *className, const OneOrMany<double> &threshold) {
  if (threshold.list().size() != 1)
    throw UserError(std::string(className) + ": threshold must be one number, as must be what a log shows", threshold.json().dump());
  return threshold.list().front();
}

/// 0.5 is what Keras takes for null.
Json jsonOf(const OneOrMany<double> &threshold) { return threshold.isSingle() && threshold.list().front() == 0.5 ? Json() : threshold.json(); }

/// Targets and predictions as 0 and 1, and the weights of their elements.
struct Decided {
  Tensor t, p, weights;
};
/// 1 for the k largest elements of the last axis, of equal ones the first.
Tensor amongTop(const Tensor &p, int64_t k) {
  if (p.dim(-1) < k) throw UserError("metrics: top_k must not be more than the last axis has, " + std::to_string(p.dim(-1)), "top_k=" + std::to_string(k));
  Tensor own = expand_dims(p, -1), others = expand_dims(p, -2), place = arange(p.dim(-1));
  Tensor earlier = logical_and(equal(others, own), expand_dims(place, 0) < expand_dims(place, 1));
  return sum(cast(logical_or(others > own, earlier), DType::Float32), -1) < static_cast<double>(k);
}

Decided decided(const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight, double threshold, std::optional<int64_t> class_id, std::optional<int64_t> top_k) {
  auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
  Tensor top = top_k ? cast(amongTop(p, *top_k), p.dtype()) : Tensor();
  // Keras's way to say that the others are below every threshold.
  if (top) p = p * top - 1e10 * (1 - top);
  selectClass(t, p, class_id);
  return {cast(not_equal(t, 0), DType::Float32), cast(p > threshold, DType::Float32), elementWeights(sample_weight, p.shape())};
}

Metric counted(const char *className, const ConfusionOptions &o, const char *fallback, bool positive, bool right) {
  Accumulator accumulator;
  accumulator.increments = [=, threshold = numberOf(className, o.threshold)](const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) -> Tensors {
    auto [t, p, weights] = decided(y_true, y_pred, sample_weight, threshold, {}, {});
    Tensor predicted = positive ? p : 1 - p, same = positive == right ? t : 1 - t;
    return {weightedSum(predicted * same, weights)};
  };
  accumulator.result = [](const Tensors &totals) { return totals[0]; };
  return Metric(className, configOf(o.name.empty() ? fallback : o.name, Json::object({{"thresholds", jsonOf(o.threshold)}})), accumulator);
}

/// True positives over all that were predicted, or over all that are positive.
Metric quotient(const char *className, const PrecisionOptions &o, const char *fallback, bool ofPredicted) {
  Accumulator accumulator;
  if (o.top_k && *o.top_k < 1) throw UserError(std::string(className) + ": top_k must be positive", "top_k=" + std::to_string(*o.top_k));
  Json thresholds = jsonOf(o.threshold);
  double threshold = o.top_k && thresholds.isNull() ? -1e10 : numberOf(className, o.threshold);
  accumulator.increments = [=, class_id = o.class_id, top_k = o.top_k](const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) -> Tensors {
    auto [t, p, weights] = decided(y_true, y_pred, sample_weight, threshold, class_id, top_k);
    return {weightedSum(t * p, weights), weightedSum(ofPredicted ? p : t, weights)};
  };
  Json own = Json::object({{"thresholds", thresholds}, {"top_k", o.top_k ? Json(*o.top_k) : Json()}, {"class_id", o.class_id ? Json(*o.class_id) : Json()}});
  return Metric(className, configOf(o.name.empty() ? fallback : o.name, own), accumulator).directed(Direction::Up);
}

} // namespace

Metric TruePositives(ConfusionOptions o) { return counted("TruePositives", o, "true_positives", true, true); }
Metric TrueNegatives(ConfusionOptions o) { return counted("TrueNegatives", o, "true_negatives", false, true); }
Metric FalsePositives(ConfusionOptions o) { return counted("FalsePositives", o, "false_positives", true, false); }
Metric FalseNegatives(ConfusionOptions o) { return counted("FalseNegatives", o, "false_negatives", false, false); }
Metric Precision(PrecisionOptions o) { return quotient("Precision", o, "precision", true); }
Metric Recall(PrecisionOptions o) { return quotient("Recall", o, "recall", false); }

void addConfusion(ComponentTable<Metric> &table) {
  auto count = [&](const char *className, const char *name, Metric (*maker)(ConfusionOptions)) {
    table.add(className, {name}, [=](const Json &c) { return maker({config::text(c, "name", ""), thresholdOf(c)}); });
  };
  count("TruePositives", "true_positives", TruePositives);
  count("TrueNegatives", "true_negatives", TrueNegatives);
  count("FalsePositives", "false_positives", FalsePositives);
  count("FalseNegatives", "false_negatives", FalseNegatives);
  auto share = [&](const char *className, const char *name, Metric (*maker)(PrecisionOptions)) {
    table.add(className, {name}, [=](const Json &c) {
      auto optional = [&](const char *key) { return c.get(key).isNull() ? std::nullopt : std::optional(c.get(key).asInt()); };
      return maker({config::text(c, "name", ""), thresholdOf(c), optional("class_id"), optional("top_k")});
    });
  };
  share("Precision", "precision", Precision);
  share("Recall", "recall", Recall);
}

} // namespace cornu::metrics
