#include "frontend/metrics/confusion.h"

#include <cmath>

#include "frontend/losses/losses.h"
#include "frontend/losses/reduction.h"
#include "frontend/metrics/thresholds.h"

namespace cornu::metrics {

namespace {

/// Keras's `thresholds`.
OneOrMany<double> thresholdOf(const Json &c) {
  const Json &entry = c.get("thresholds");
  return entry.isNull() ? OneOrMany<double>(0.5) : OneOrMany<double>::from(entry);
}

/// 0.5 is what Keras takes for null.
Json jsonOf(const OneOrMany<double> &threshold) { return threshold.isSingle() && threshold.list().front() == 0.5 ? Json() : threshold.json(); }

/// Three or more that divide [0, 1] evenly: Keras sorts predictions into buckets, then.
bool areEven(const std::vector<double> &list) {
  if (list.size() < 3) return false;
  for (size_t i = 0; i < list.size(); ++i) {
    double even = static_cast<double>(i) / static_cast<double>(list.size() - 1);
    if (!(std::abs(list[i] - even) <= 1e-7 + 1e-5 * even)) return false;
  }
  return true;
}

/// UserError for one outside of [0, 1], and for none.
Thresholds thresholdsOf(const char *className, const OneOrMany<double> &threshold) {
  const std::vector<double> &list = threshold.list();
  if (list.empty()) throw UserError(std::string(className) + ": threshold must be a number or a list of at least one", "none");
  for (double t : list)
    if (!(t >= 0 && t <= 1)) throw UserError(std::string(className) + ": threshold must be in [0, 1]", threshold.json().dump());
  Thresholds thresholds{.evenly = static_cast<int64_t>(list.size()), .zeroIsAbove = false};
  if (!areEven(list)) thresholds.listed = list;
  return thresholds;
}

/// 1 for the k largest elements of the last axis, of equal ones the first.
Tensor amongTop(const Tensor &p, int64_t k) {
  if (p.dim(-1) < k) throw UserError("metrics: top_k must not be more than the last axis has, " + std::to_string(p.dim(-1)), "top_k=" + std::to_string(k));
  Tensor own = expand_dims(p, -1), others = expand_dims(p, -2), place = arange(p.dim(-1));
  Tensor earlier = logical_and(equal(others, own), expand_dims(place, 0) < expand_dims(place, 1));
  return sum(cast(logical_or(others > own, earlier), DType::Float32), -1) < static_cast<double>(k);
}

/// Stands for the threshold and for the predictions beyond top_k, as in Keras.
constexpr double belowAll = -1e10;

using Chosen = Tensor (*)(const ThresholdCounts &);

/// What a batch adds to totals of these counts; of one threshold they are scalars.
std::function<Tensors(const Tensor &, const Tensor &, const Tensor &)> increments(Thresholds thresholds, std::optional<int64_t> class_id, std::optional<int64_t> top_k,
                                                                                  std::vector<Chosen> chosen) {
  return [=](const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) {
    auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
    if (top_k) {
      Tensor top = cast(amongTop(p, *top_k), p.dtype());
      p = p * top + belowAll * (1 - top);
    }
    selectClass(t, p, class_id);
    ThresholdCounts counts = countAt(thresholds, t, p, sample_weight);
    Tensors added;
    for (Chosen choose : chosen) {
      Tensor count = choose(counts);
      added.push_back(count.dim(0) == 1 ? squeeze(count, 0) : count);
    }
    return added;
  };
}

Metric counted(const char *className, const ConfusionOptions &o, const char *fallback, Chosen chosen) {
  Accumulator accumulator{increments(thresholdsOf(className, o.threshold), {}, {}, {chosen}), [](const Tensors &totals) { return totals[0]; }};
  return Metric(className, configOf(o.name.empty() ? fallback : o.name, Json::object({{"thresholds", jsonOf(o.threshold)}})), accumulator);
}

/// True positives over all that were predicted, or over all that are positive.
Metric quotient(const char *className, const PrecisionOptions &o, const char *fallback, Chosen all) {
  if (o.top_k && *o.top_k < 1) throw UserError(std::string(className) + ": top_k must be positive", "top_k=" + std::to_string(*o.top_k));
  Json given = jsonOf(o.threshold);
  Thresholds thresholds = thresholdsOf(className, o.threshold);
  if (o.top_k && given.isNull()) thresholds.listed = {belowAll};
  Accumulator accumulator{increments(thresholds, o.class_id, o.top_k, {[](const ThresholdCounts &c) { return c.tp; }, all})};
  // One quotient the host can tell.
  if (o.threshold.list().size() > 1) accumulator.result = [](const Tensors &totals) { return losses::divideNoNan(totals[0], totals[1]); };
  Json own = Json::object({{"thresholds", given}, {"top_k", o.top_k}, {"class_id", o.class_id}});
  return Metric(className, configOf(o.name.empty() ? fallback : o.name, own), accumulator).directed(Direction::Up);
}

} // namespace

Metric TruePositives(ConfusionOptions o) { return counted("TruePositives", o, "true_positives", [](const ThresholdCounts &c) { return c.tp; }); }
Metric TrueNegatives(ConfusionOptions o) { return counted("TrueNegatives", o, "true_negatives", [](const ThresholdCounts &c) { return c.tn; }); }
Metric FalsePositives(ConfusionOptions o) { return counted("FalsePositives", o, "false_positives", [](const ThresholdCounts &c) { return c.fp; }); }
Metric FalseNegatives(ConfusionOptions o) { return counted("FalseNegatives", o, "false_negatives", [](const ThresholdCounts &c) { return c.fn; }); }
Metric Precision(PrecisionOptions o) { return quotient("Precision", o, "precision", [](const ThresholdCounts &c) { return c.tp + c.fp; }); }
Metric Recall(PrecisionOptions o) { return quotient("Recall", o, "recall", [](const ThresholdCounts &c) { return c.tp + c.fn; }); }

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
      return maker({config::text(c, "name", ""), thresholdOf(c), config::optionalInteger(c, "class_id"), config::optionalInteger(c, "top_k")});
    });
  };
  share("Precision", "precision", Precision);
  share("Recall", "recall", Recall);
}

} // namespace cornu::metrics
