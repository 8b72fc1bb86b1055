#include "frontend/metrics/at_value.h"

#include "frontend/losses/losses.h"
#include "frontend/losses/reduction.h"
#include "frontend/metrics/thresholds.h"

namespace cornu::metrics {

namespace {
/// A measure at each threshold: true and false positives, all positives and negatives.
using Measure = Tensor (*)(const ThresholdCounts &);
Tensor sensitivity(const ThresholdCounts &c) { return losses::divideNoNan(c.tp, expand_dims(c.positives, -1)); }
Tensor specificity(const ThresholdCounts &c) { return losses::divideNoNan(c.negatives - c.fp, expand_dims(c.negatives, -1)); }
Tensor precision(const ThresholdCounts &c) { return losses::divideNoNan(c.tp, c.tp + c.fp); }

struct Kind {
  const char *className, *fallback, *argument;
  Measure constrained, dependent;
};

Metric make(const Kind &kind, double value, const AtValueOptions &o) {
  std::string className = kind.className, argument = kind.argument;
  if (!(value >= 0 && value <= 1)) throw UserError(className + ": " + argument + " must be in [0, 1]", argument + "=" + pythonRepr(value));
  if (o.num_thresholds < 1) throw UserError(className + ": num_thresholds must be positive", "num_thresholds=" + std::to_string(o.num_thresholds));
  Thresholds thresholds{.evenly = o.num_thresholds, .zeroIsAbove = false};
  if (o.num_thresholds == 1) thresholds.listed = {0.5};
  Accumulator accumulator;
  accumulator.increments = [=, class_id = o.class_id](const Tensor &y_true, const Tensor &y_pred, const Tensor &w) -> Tensors {
    auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
    selectClass(t, p, class_id);
    ThresholdCounts counts = countAt(thresholds, t, p, w);
    return {counts.tp, counts.fp, counts.positives, counts.negatives};
  };
  accumulator.result = [=](const Tensors &totals) {
    ThresholdCounts counts{.tp = totals[0], .fp = totals[1], .tn = {}, .fn = {}, .positives = totals[2], .negatives = totals[3]};
    return max(where(kind.constrained(counts) >= value, kind.dependent(counts), 0), -1);
  };
  Json own = Json::object({{"class_id", o.class_id ? Json(*o.class_id) : Json()}, {"num_thresholds", o.num_thresholds}, {argument, value}});
  return Metric(className, configOf(o.name.empty() ? kind.fallback : o.name, own), accumulator).directed(Direction::Up);
}

constexpr Kind kinds[] = {{"SensitivityAtSpecificity", "sensitivity_at_specificity", "specificity", specificity, sensitivity},
                          {"SpecificityAtSensitivity", "specificity_at_sensitivity", "sensitivity", sensitivity, specificity},
                          {"PrecisionAtRecall", "precision_at_recall", "recall", sensitivity, precision},
                          {"RecallAtPrecision", "recall_at_precision", "precision", precision, sensitivity}};
} // namespace

Metric SensitivityAtSpecificity(double value, AtValueOptions o) { return make(kinds[0], value, o); }
Metric SpecificityAtSensitivity(double value, AtValueOptions o) { return make(kinds[1], value, o); }
Metric PrecisionAtRecall(double value, AtValueOptions o) { return make(kinds[2], value, o); }
Metric RecallAtPrecision(double value, AtValueOptions o) { return make(kinds[3], value, o); }

void addAtValue(ComponentTable<Metric> &table) {
  for (const Kind &kind : kinds)
    table.add(kind.className, {}, [kind](const Json &c) {
      AtValueOptions o{.num_thresholds = config::integer(c, "num_thresholds", 200), .name = config::text(c, "name", "")};
      o.class_id = config::optionalInteger(c, "class_id");
      return make(kind, c.at(kind.argument).asDouble(), o);
    });
}

} // namespace cornu::metrics
