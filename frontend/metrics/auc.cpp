#include "frontend/metrics/auc.h"

#include <algorithm>
#include <cmath>

#include "frontend/losses/losses.h"
#include "frontend/metrics/make.h"
#include "frontend/ops/emit.h"

namespace cornu::metrics {

namespace {

Tensor vectorOf(const std::vector<float> &numbers) {
  auto type = trace::tensorType({static_cast<int64_t>(numbers.size())}, DType::Float32);
  return ops::wrap(ir::ConstantOp::create(trace::here().builder, trace::here().location(), mlir::DenseElementsAttr::get(type, llvm::ArrayRef(numbers))));
}

/// True and false positives at each threshold, of labels apart with multi_label, and all positives and negatives.
Tensors increments(const AUCOptions &o, const Tensor &y_true, const Tensor &y_pred) {
  auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
  p = cast(o.from_logits ? sigmoid(p) : p, DType::Float32);
  t = cast(not_equal(t, 0), DType::Float32);
  if (o.multi_label && p.rank() != 2) throw UserError("AUC: with multi_label y_pred must have two axes", "shape=" + shapeString(p.shape()));
  Tensor above;
  std::vector<float> edges;
  if (o.thresholds.empty()) {
    // Keras sorts predictions into buckets: above threshold i are those from bucket i on.
    for (int64_t i = 0; i < o.num_thresholds; ++i) edges.push_back(static_cast<float>(i));
    Tensor bucket = maximum(ceil(p * static_cast<double>(o.num_thresholds - 1)) - 1, 0);
    above = expand_dims(bucket, -1) >= vectorOf(edges);
  } else {
    edges = {-1e-7f};
    for (double threshold : o.thresholds) edges.push_back(static_cast<float>(threshold));
    edges.push_back(1 + 1e-7f);
    above = expand_dims(p, -1) > vectorOf(edges);
  }
  Tensor positive = cast(above, DType::Float32), label = expand_dims(t, -1);
  std::vector<int64_t> axes;
  for (int64_t axis = 0; axis < (o.multi_label ? 1 : p.rank()); ++axis) axes.push_back(axis);
  return {sum(positive * label, axes), sum(positive * (1 - label), axes), sum(t, axes), sum(1 - t, axes)};
}

struct Counts {
  double tp, fp, positives, negatives;
};

/// What a pair of neighbouring thresholds, b the higher one, adds to the area.
double areaBetween(const Counts &a, const Counts &b, const AUCOptions &o) {
  if (o.curve == "PR" && o.summation_method == "interpolation") {
    double predictedA = a.tp + a.fp, predictedB = b.tp + b.fp, gain = a.tp - b.tp;
    double slope = ratio(gain, std::max(predictedA - predictedB, 0.0)), intercept = b.tp - slope * predictedB;
    double quotient = predictedA > 0 && predictedB > 0 ? predictedA / predictedB : 1;
    return ratio(slope * (gain + intercept * std::log(quotient)), b.positives);
  }
  auto point = [&](const Counts &c) {
    double recall = ratio(c.tp, c.positives);
    return o.curve == "ROC" ? std::pair(ratio(c.fp, c.negatives), recall) : std::pair(recall, ratio(c.tp, c.tp + c.fp));
  };
  auto [xa, ya] = point(a);
  auto [xb, yb] = point(b);
  double height = o.summation_method == "interpolation" ? (ya + yb) / 2 : o.summation_method == "minoring" ? std::min(ya, yb) : std::max(ya, yb);
  return (xa - xb) * height;
}

double area(const AUCOptions &o, const std::vector<Variable> &totals) {
  const Array &tp = totals[0].value(), &fp = totals[1].value(), &positives = totals[2].value(), &negatives = totals[3].value();
  int64_t labels = positives.size(), thresholds = tp.size() / labels;
  double sum = 0;
  for (int64_t label = 0; label < labels; ++label)
    for (int64_t i = 0; i + 1 < thresholds; ++i) {
      int64_t at = label * thresholds + i;
      Counts a{tp.at(at), fp.at(at), positives.at(label), negatives.at(label)}, b{tp.at(at + 1), fp.at(at + 1), a.positives, a.negatives};
      sum += areaBetween(a, b, o);
    }
  return sum / static_cast<double>(labels);
}

} // namespace

Metric AUC(AUCOptions o) {
  if (o.curve != "ROC" && o.curve != "PR") throw UserError("AUC: curve must be 'ROC' or 'PR'", "curve='" + o.curve + "'");
  if (o.summation_method != "interpolation" && o.summation_method != "minoring" && o.summation_method != "majoring")
    throw UserError("AUC: summation_method must be 'interpolation', 'minoring' or 'majoring'", "summation_method='" + o.summation_method + "'");
  if (o.thresholds.empty() && o.num_thresholds < 2) throw UserError("AUC: num_thresholds must be at least 2", "num_thresholds=" + std::to_string(o.num_thresholds));
  std::sort(o.thresholds.begin(), o.thresholds.end());
  if (!o.thresholds.empty()) o.num_thresholds = static_cast<int64_t>(o.thresholds.size()) + 2;
  Json own = Json::object({{"num_thresholds", o.num_thresholds}, {"curve", o.curve}, {"summation_method", o.summation_method}, {"multi_label", o.multi_label},
                           {"num_labels", nullptr}, {"label_weights", nullptr}, {"from_logits", o.from_logits}});
  if (!o.thresholds.empty()) own["thresholds"] = o.thresholds;
  return Metric("AUC", configOf(o.name, own), Accumulator{[o](const Tensor &t, const Tensor &p) { return increments(o, t, p); },
                                                          [o](const std::vector<Variable> &totals) { return area(o, totals); }}).directed(Direction::Up);
}

void addCurves(ComponentTable<Metric> &table) {
  table.add("AUC", {"auc"}, [](const Json &c) {
    using namespace config;
    if (const Json &weights = c.get("label_weights"); !weights.isNull()) throw UserError("AUC: label_weights must be null", weights.dump());
    AUCOptions o{.num_thresholds = integer(c, "num_thresholds", 200), .curve = text(c, "curve", "ROC"),
                 .summation_method = text(c, "summation_method", "interpolation"), .name = text(c, "name", "auc"),
                 .multi_label = flag(c, "multi_label", false), .from_logits = flag(c, "from_logits", false)};
    for (const Json &item : c.get("thresholds").isNull() ? Json::List() : c.at("thresholds").asList()) o.thresholds.push_back(item.asDouble());
    return AUC(o);
  });
}

} // namespace cornu::metrics
