#include "frontend/metrics/confusion.h"

#include "frontend/losses/losses.h"
#include "frontend/metrics/make.h"

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
Decided decided(const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight, double threshold, std::optional<int64_t> class_id) {
  auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
  if (class_id) {
    if (*class_id < 0 || *class_id >= p.dim(-1))
      throw UserError("metrics: class_id must be a position of the last axis, which has " + std::to_string(p.dim(-1)), "class_id=" + std::to_string(*class_id));
    t = slice(t, -1, *class_id, *class_id + 1), p = slice(p, -1, *class_id, *class_id + 1);
  }
  return {cast(not_equal(t, 0), DType::Float32), cast(p > threshold, DType::Float32), elementWeights(sample_weight, p.shape())};
}

Metric counted(const char *className, const ConfusionOptions &o, const char *fallback, bool positive, bool right) {
  Accumulator accumulator;
  accumulator.increments = [=, threshold = numberOf(className, o.threshold)](const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) -> Tensors {
    auto [t, p, weights] = decided(y_true, y_pred, sample_weight, threshold, {});
    Tensor predicted = positive ? p : 1 - p, same = positive == right ? t : 1 - t;
    return {weightedSum(predicted * same, weights)};
  };
  accumulator.result = [](const Tensors &totals) { return totals[0]; };
  return Metric(className, configOf(o.name.empty() ? fallback : o.name, Json::object({{"thresholds", jsonOf(o.threshold)}})), accumulator);
}

/// True positives over all that were predicted, or over all that are positive.
Metric quotient(const char *className, const PrecisionOptions &o, const char *fallback, bool ofPredicted) {
  Accumulator accumulator;
  accumulator.increments = [=, threshold = numberOf(className, o.threshold), class_id = o.class_id](const Tensor &y_true, const Tensor &y_pred,
                                                                                                    const Tensor &sample_weight) -> Tensors {
    auto [t, p, weights] = decided(y_true, y_pred, sample_weight, threshold, class_id);
    return {weightedSum(t * p, weights), weightedSum(ofPredicted ? p : t, weights)};
  };
  Json own = Json::object({{"thresholds", jsonOf(o.threshold)}, {"top_k", nullptr}, {"class_id", o.class_id ? Json(*o.class_id) : Json()}});
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
      if (const Json &k = c.get("top_k"); !k.isNull()) throw UserError(std::string(className) + ": top_k must be null", k.dump());
      std::optional<int64_t> class_id;
      if (const Json &id = c.get("class_id"); !id.isNull()) class_id = id.asInt();
      return maker({config::text(c, "name", ""), thresholdOf(c), class_id});
    });
  };
  share("Precision", "precision", Precision);
  share("Recall", "recall", Recall);
}

} // namespace cornu::metrics
