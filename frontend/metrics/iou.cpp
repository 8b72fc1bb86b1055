#include "frontend/metrics/iou.h"

#include <algorithm>
#include <numeric>

#include "frontend/losses/losses.h"
#include "frontend/metrics/thresholds.h"

namespace cornu::metrics {

namespace {
constexpr double epsilon = 1e-7;

struct Counting {
  int64_t num_classes;
  std::vector<int64_t> targets;
  IoUOptions o;
  std::optional<double> threshold = {};
};

/// Targets (rows) by predictions (columns).
Tensor confusion(const Counting &c, const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) {
  Tensor t = c.o.sparse_y_true ? y_true : argmax(y_true, c.o.axis), p = c.o.sparse_y_pred ? y_pred : argmax(y_pred, c.o.axis);
  if (c.threshold) p = cast(p >= *c.threshold, DType::Int32);
  auto [classes, predicted] = losses::alignRanks(cast(t, DType::Int32), cast(p, DType::Int32));
  if (classes.shape() != predicted.shape())
    throw UserError("IoU: y_true and y_pred must hold one class each for the same elements", "shapes " + shapeString(y_true.shape()) + " and " + shapeString(y_pred.shape()));
  Tensor rows = one_hot(classes, c.num_classes), columns = one_hot(predicted, c.num_classes);
  if (c.o.ignore_class) rows = rows * cast(expand_dims(not_equal(classes, *c.o.ignore_class), -1), DType::Float32);
  if (Tensor w = elementWeights(sample_weight, classes.shape())) rows = rows * expand_dims(c.o.dtype.starts_with("int") ? cast(cast(w, DType::Int32), DType::Float32) : w, -1);
  std::string axes = std::string("bcdefgh").substr(0, static_cast<size_t>(classes.rank()));
  return einsum(axes + "i," + axes + "j->ij", rows, columns);
}

Tensor score(const Counting &c, const Tensor &confusion) {
  Tensor identity = one_hot(arange(c.num_classes), c.num_classes), right = sum(confusion * identity, -1);
  Tensor all = sum(confusion, 0) + sum(confusion, 1) - right, occurs = cast(all > 1e-9, DType::Float32);
  std::vector<float> times(static_cast<size_t>(c.num_classes));
  for (int64_t id : c.targets) times[static_cast<size_t>(id)] += 1;
  Tensor counted = occurs * vectorOf(times);
  return sum(right / (all + epsilon) * counted) / (sum(counted) + epsilon);
}

Metric make(const char *className, const char *fallback, Counting c, Json own, bool nameFirst) {
  auto wrong = [&](const std::string &rule, const std::string &received) { return UserError(std::string(className) + ": " + rule, received); };
  if (c.num_classes < 1) throw wrong("num_classes must be positive", "num_classes=" + std::to_string(c.num_classes));
  for (int64_t id : c.targets)
    if (id < 0 || id >= c.num_classes) throw wrong("target_class_ids must be in [0, " + std::to_string(c.num_classes) + ")", std::to_string(id));
  if (c.targets.empty()) throw wrong("target_class_ids must name at least one class", "none");
  if (!dtypeFromName(c.o.dtype)) throw wrong("dtype must be the name of an element type", "dtype='" + c.o.dtype + "'");
  Json label = Json::object({{"name", c.o.name.empty() ? fallback : c.o.name}, {"dtype", c.o.dtype}}), config = nameFirst ? label : Json::object();
  for (const auto &[key, entry] : own.asObject()) {
    // Elsewhere Keras writes them after the classes.
    if (!nameFirst && key == "ignore_class")
      for (const auto &[k, e] : label.asObject()) config[k] = e;
    config[key] = entry;
  }
  for (const auto &[key, entry] : label.asObject()) config[key] = entry;
  return Metric(className, config, Accumulator{[c](const Tensor &t, const Tensor &p, const Tensor &w) { return Tensors{confusion(c, t, p, w)}; },
                                               [c](const Tensors &totals) { return score(c, totals[0]); }}).directed(Direction::Up);
}

std::vector<int64_t> allOf(int64_t count) {
  std::vector<int64_t> ids(static_cast<size_t>(std::max<int64_t>(count, 0)));
  std::iota(ids.begin(), ids.end(), 0);
  return ids;
}
Json ignored(const std::optional<int64_t> &ignore_class) { return ignore_class ? Json(*ignore_class) : Json(); }
IoUOptions dense(const OneHotIoUOptions &o) {
  return {.ignore_class = o.ignore_class, .sparse_y_true = false, .sparse_y_pred = o.sparse_y_pred, .axis = o.axis, .name = o.name, .dtype = o.dtype};
}
} // namespace

Metric IoU(int64_t num_classes, std::vector<int64_t> targets, IoUOptions o) {
  Json own = Json::object({{"num_classes", num_classes}, {"target_class_ids", targets}, {"ignore_class", ignored(o.ignore_class)}, {"sparse_y_true", o.sparse_y_true},
                           {"sparse_y_pred", o.sparse_y_pred}, {"axis", o.axis}});
  return make("IoU", "io_u", {num_classes, std::move(targets), std::move(o)}, own, true);
}
Metric MeanIoU(int64_t num_classes, IoUOptions o) {
  Json own = Json::object({{"num_classes", num_classes}, {"ignore_class", ignored(o.ignore_class)}, {"sparse_y_true", o.sparse_y_true}, {"sparse_y_pred", o.sparse_y_pred},
                           {"axis", o.axis}});
  return make("MeanIoU", "mean_io_u", {num_classes, allOf(num_classes), std::move(o)}, own, false);
}
Metric OneHotIoU(int64_t num_classes, std::vector<int64_t> targets, OneHotIoUOptions o) {
  Json own = Json::object({{"num_classes", num_classes}, {"target_class_ids", targets}, {"ignore_class", ignored(o.ignore_class)}, {"sparse_y_pred", o.sparse_y_pred},
                           {"axis", o.axis}});
  return make("OneHotIoU", "one_hot_io_u", {num_classes, std::move(targets), dense(o)}, own, false);
}
Metric OneHotMeanIoU(int64_t num_classes, OneHotIoUOptions o) {
  Json own = Json::object({{"num_classes", num_classes}, {"ignore_class", ignored(o.ignore_class)}, {"sparse_y_pred", o.sparse_y_pred}, {"axis", o.axis}});
  return make("OneHotMeanIoU", "one_hot_mean_io_u", {num_classes, allOf(num_classes), dense(o)}, own, false);
}
Metric BinaryIoU(BinaryIoUOptions o) {
  Json own = Json::object({{"target_class_ids", o.target_class_ids}, {"threshold", o.threshold}});
  return make("BinaryIoU", "binary_io_u", {2, o.target_class_ids, {.name = o.name, .dtype = o.dtype}, o.threshold}, own, false);
}

void addIoUs(ComponentTable<Metric> &table) {
  using namespace config;
  auto common = [](const Json &c, auto o) {
    o.ignore_class = optionalInteger(c, "ignore_class"), o.axis = integer(c, "axis", -1), o.name = text(c, "name", ""), o.dtype = text(c, "dtype", "int64");
    if constexpr (requires { o.sparse_y_true; }) o.sparse_y_true = flag(c, "sparse_y_true", true);
    o.sparse_y_pred = flag(c, "sparse_y_pred", o.sparse_y_pred);
    return o;
  };
  auto classes = [](const Json &c) { return c.at("num_classes").asInt(); };
  table.add("IoU", {}, [=](const Json &c) { return IoU(classes(c), c.at("target_class_ids").asShape(), common(c, IoUOptions())); });
  table.add("MeanIoU", {}, [=](const Json &c) { return MeanIoU(classes(c), common(c, IoUOptions())); });
  table.add("OneHotIoU", {}, [=](const Json &c) { return OneHotIoU(classes(c), c.at("target_class_ids").asShape(), common(c, OneHotIoUOptions())); });
  table.add("OneHotMeanIoU", {}, [=](const Json &c) { return OneHotMeanIoU(classes(c), common(c, OneHotIoUOptions())); });
  table.add("BinaryIoU", {}, [](const Json &c) {
    BinaryIoUOptions o{.threshold = number(c, "threshold", 0.5), .name = text(c, "name", ""), .dtype = text(c, "dtype", "int64")};
    if (const Json &ids = c.get("target_class_ids"); !ids.isNull()) o.target_class_ids = ids.asShape();
    return BinaryIoU(o);
  });
}

} // namespace cornu::metrics
