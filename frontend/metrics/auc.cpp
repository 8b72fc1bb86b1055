#include "frontend/metrics/auc.h"

#include <algorithm>

#include "frontend/losses/reduction.h"
#include "frontend/losses/losses.h"
#include "frontend/metrics/thresholds.h"

namespace cornu::metrics {

namespace {

Tensor labelWeights(const AUCOptions &o) { return vectorOf({o.label_weights.begin(), o.label_weights.end()}); }

/// A list, or what Keras writes of its tensors (but does not read).
std::vector<double> numbersOf(const Json &json) {
  const Json &list = json.isObject() ? json.at("config").at("value") : json;
  std::vector<double> numbers;
  if (list.isNull()) return numbers;
  for (const Json &item : list.asList()) numbers.push_back(item.asDouble());
  return numbers;
}

Tensors increments(const AUCOptions &o, const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) {
  auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
  if (o.from_logits) p = sigmoid(p);
  if (o.multi_label && p.rank() != 2) throw UserError("AUC: with multi_label y_pred must have two axes", "shape=" + shapeString(p.shape()));
  if (o.num_labels && p.dim(-1) != *o.num_labels)
    throw UserError("AUC: the last axis of y_pred must have num_labels positions, " + std::to_string(*o.num_labels), "shape=" + shapeString(p.shape()));
  Tensor weights = elementWeights(sample_weight, p.shape());
  if (!o.label_weights.empty()) {
    if (p.dim(-1) != static_cast<int64_t>(o.label_weights.size()))
      throw UserError("AUC: label_weights must hold a weight for each position of the last axis, " + std::to_string(p.dim(-1)), std::to_string(o.label_weights.size()) + " weights");
    if (!o.multi_label) weights = broadcast_to(labelWeights(o), p.shape()) * (weights ? weights : Tensor(1));
  }
  Thresholds thresholds{.evenly = o.num_thresholds, .perLabel = o.multi_label};
  if (!o.thresholds.empty()) {
    thresholds.listed = {-1e-7};
    thresholds.listed.insert(thresholds.listed.end(), o.thresholds.begin(), o.thresholds.end());
    thresholds.listed.push_back(1 + 1e-7);
  }
  ThresholdCounts counts = countAt(thresholds, t, p, weights);
  return {counts.tp, counts.fp, counts.positives, counts.negatives};
}

/// Elements 0 … n-2 and 1 … n-1 of the last axis: the two thresholds, the second higher, between which a piece of the area lies.
std::pair<Tensor, Tensor> neighbours(const Tensor &x) {
  int64_t n = x.dim(-1);
  return {slice(x, -1, 0, n - 1), slice(x, -1, 1, n)};
}

/// Area under the precision–recall curve, interpolated (Davis and Goadrich, "The relationship between Precision-Recall and ROC curves").
Tensor interpolatedPR(const Tensor &tp, const Tensor &fp, const Tensor &positives) {
  auto [tpLow, tpHigh] = neighbours(tp);
  auto [low, high] = neighbours(tp + fp);
  Tensor gain = tpLow - tpHigh, slope = losses::divideNoNan(gain, maximum(low - high, 0)), intercept = tpHigh - slope * high;
  Tensor quotient = where(logical_and(low > 0, high > 0), losses::divideNoNan(low, high), 1);
  return losses::divideNoNan(slope * (gain + intercept * log(quotient)), positives);
}

Tensor area(const AUCOptions &o, const Tensors &totals) {
  const Tensor &tp = totals[0], &fp = totals[1];
  Tensor positives = expand_dims(totals[2], -1), negatives = expand_dims(totals[3], -1);
  Tensor pieces;
  if (o.curve == "PR" && o.summation_method == "interpolation") {
    pieces = interpolatedPR(tp, fp, positives);
  } else {
    Tensor recall = losses::divideNoNan(tp, positives);
    Tensor x = o.curve == "ROC" ? losses::divideNoNan(fp, negatives) : recall, y = o.curve == "ROC" ? recall : losses::divideNoNan(tp, tp + fp);
    auto [xLow, xHigh] = neighbours(x);
    auto [yLow, yHigh] = neighbours(y);
    Tensor height = o.summation_method == "interpolation" ? (yLow + yHigh) / 2 : o.summation_method == "minoring" ? minimum(yLow, yHigh) : maximum(yLow, yHigh);
    pieces = (xLow - xHigh) * height;
  }
  Tensor areas = sum(pieces, -1);
  if (o.multi_label && !o.label_weights.empty()) return losses::divideNoNan(sum(areas * labelWeights(o)), sum(labelWeights(o)));
  return areas.rank() ? mean(areas) : areas;
}

} // namespace

Metric AUC(AUCOptions o) {
  if (o.curve != "ROC" && o.curve != "PR") throw UserError("AUC: curve must be 'ROC' or 'PR'", "curve='" + o.curve + "'");
  if (o.summation_method != "interpolation" && o.summation_method != "minoring" && o.summation_method != "majoring")
    throw UserError("AUC: summation_method must be 'interpolation', 'minoring' or 'majoring'", "summation_method='" + o.summation_method + "'");
  if (o.thresholds.empty() && o.num_thresholds < 2) throw UserError("AUC: num_thresholds must be at least 2", "num_thresholds=" + std::to_string(o.num_thresholds));
  if (o.num_labels && !o.multi_label) throw UserError("AUC: num_labels may be given only with multi_label", "num_labels=" + std::to_string(*o.num_labels));
  for (double weight : o.label_weights)
    if (!(weight >= 0)) throw UserError("AUC: label_weights must not be negative", Json(o.label_weights).dump());
  std::sort(o.thresholds.begin(), o.thresholds.end());
  if (!o.thresholds.empty()) o.num_thresholds = static_cast<int64_t>(o.thresholds.size()) + 2;
  Json own = Json::object({{"num_thresholds", o.num_thresholds}, {"curve", o.curve}, {"summation_method", o.summation_method}, {"multi_label", o.multi_label},
                           {"num_labels", o.num_labels}, {"label_weights", o.label_weights.empty() ? Json() : Json(o.label_weights)}, {"from_logits", o.from_logits}});
  if (!o.thresholds.empty()) own["thresholds"] = o.thresholds;
  return Metric("AUC", configOf(o.name, own), Accumulator{[o](const Tensor &t, const Tensor &p, const Tensor &w) { return increments(o, t, p, w); },
                                                          [o](const Tensors &totals) { return area(o, totals); }}).directed(Direction::Up);
}

void addCurves(ComponentTable<Metric> &table) {
  table.add("AUC", {"auc"}, [](const Json &c) {
    using namespace config;
    AUCOptions o{.num_thresholds = integer(c, "num_thresholds", 200), .curve = text(c, "curve", "ROC"),
                 .summation_method = text(c, "summation_method", "interpolation"), .name = text(c, "name", "auc"),
                 .multi_label = flag(c, "multi_label", false), .from_logits = flag(c, "from_logits", false), .num_labels = optionalInteger(c, "num_labels")};
    o.thresholds = numbersOf(c.get("thresholds")), o.label_weights = numbersOf(c.get("label_weights"));
    return AUC(o);
  });
}

} // namespace cornu::metrics
