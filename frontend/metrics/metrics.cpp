#include "frontend/metrics/metrics.h"

#include "frontend/losses/losses.h"
#include "frontend/losses/reduction.h"
#include "frontend/metrics/make.h"

namespace cornu {

namespace {
Accumulator meanOf(std::function<Metric::Signature> function) {
  // What a mask of the predictions leaves out does not count; what one of the values leaves out (ignore_class) only where there are weights, as in Keras.
  return {[function = std::move(function)](const Tensor &t, const Tensor &p, const Tensor &w) {
    Tensor values = function(t, p), weight = losses::maskedWeight(w, p.mask(), p.dtype(), "sum");
    if (weight) weight = losses::maskedWeight(weight, values.mask(), p.dtype(), "sum");
    return metrics::meanIncrements(values, weight);
  }};
}

Tensor binaryAccuracy(const Tensor &y_true, const Tensor &y_pred, double threshold) {
  auto [t, p] = losses::alignRanks(y_true, y_pred);
  return cast(equal(cast(t, p.dtype()), cast(p > threshold, p.dtype())), p.dtype());
}
Tensor categoricalAccuracy(const Tensor &t, const Tensor &p) { return cast(equal(argmax(t), argmax(p)), p.dtype()); }
Tensor sparseAccuracy(const Tensor &t, const Tensor &p) {
  Tensor classes = t.rank() == p.rank() && t.dim(-1) == 1 ? squeeze(t, -1) : t;
  return cast(equal(cast(classes, DType::Int32), argmax(p)), p.dtype());
}

/// "accuracy": which of the three it is follows from the shapes.
Tensor accuracy(const Tensor &t, const Tensor &p) {
  if (p.dim(-1) == 1) return binaryAccuracy(t, p, 0.5);
  if (t.rank() < p.rank() || t.dim(-1) == 1) return sparseAccuracy(t, p);
  return categoricalAccuracy(t, p);
}

Metric make(const char *className, const std::string &name, std::function<Metric::Signature> function, const Json &own = Json::object()) {
  return Metric(className, metrics::configOf(name, own), std::move(function)).directed(Direction::Up);
}
std::string orElse(const std::string &name, const char *fallback) { return name.empty() ? fallback : name; }

} // namespace

namespace metrics {
Metric Accuracy(NameOption o) {
  return make("Accuracy", orElse(o.name, "accuracy"), [](const Tensor &y_true, const Tensor &y_pred) {
    auto [t, p] = losses::alignRanks(y_true, y_pred);
    return cast(equal(cast(t, p.dtype()), p), DType::Float32);
  });
}
Metric BinaryAccuracy(BinaryAccuracyOptions o) {
  double threshold = o.threshold;
  return make("BinaryAccuracy", o.name, [threshold](const Tensor &t, const Tensor &p) { return binaryAccuracy(t, p, threshold); },
              Json::object({{"threshold", threshold}}));
}
Metric CategoricalAccuracy(NameOption o) { return make("CategoricalAccuracy", orElse(o.name, "categorical_accuracy"), categoricalAccuracy); }
Metric SparseCategoricalAccuracy(NameOption o) { return make("SparseCategoricalAccuracy", orElse(o.name, "sparse_categorical_accuracy"), sparseAccuracy); }
} // namespace metrics

ComponentTable<Metric> &Metric::classes() {
  static ComponentTable<Metric> instance = [] {
    using namespace metrics;
    using config::number, config::text;
    ComponentTable<Metric> t("metric");
    auto add = [&](const char *className, std::vector<std::string> names, Metric (*maker)(NameOption)) {
      t.add(className, std::move(names), [maker](const Json &c) { return maker({text(c, "name", "")}); });
    };
    t.add("accuracy", {"accuracy", "acc"}, [](const Json &) { return make("", "accuracy", accuracy); });
    t.add("BinaryAccuracy", {"binary_accuracy"},
          [](const Json &c) { return BinaryAccuracy({text(c, "name", "binary_accuracy"), number(c, "threshold", 0.5)}); });
    add("Accuracy", {}, Accuracy);
    add("CategoricalAccuracy", {"categorical_accuracy"}, CategoricalAccuracy);
    add("SparseCategoricalAccuracy", {"sparse_categorical_accuracy"}, SparseCategoricalAccuracy);
    addLosses(t), addConfusion(t), addCurves(t), addScores(t), addTopK(t), addAtValue(t), addIoUs(t), addR2Score(t), addCorrelations(t);
    return t;
  }();
  return instance;
}

Metric::Metric(const std::string &name) : Metric(classes().find(name)(Json::object())) {
  if (!classes().isOwn(name)) given = name;
}
Metric::Metric(std::string class_name, Json config, std::function<Signature> function)
    : Metric(std::move(class_name), std::move(config), meanOf(std::move(function))) {}
Metric::Metric(std::string class_name, Json config, Accumulator accumulator)
    : Component(std::move(class_name), std::move(config), {}), totals(std::make_shared<Accumulator>(std::move(accumulator))) {}

Metric register_metric(const std::string &name, std::function<Metric::Signature> function, const RegisterOptions &options) {
  return registerFunction<Metric>(name, std::move(function), options);
}
void register_metric(const std::string &class_name, std::function<Metric(const Json &)> maker, const RegisterOptions &options) {
  Metric::classes().addOwn(class_name, options, std::move(maker));
}

Metric Metric::directed(Direction direction) const {
  Metric same = *this;
  same.better = direction;
  return same;
}

std::string Metric::name() const {
  if (!given.empty()) return given;
  if (class_name() != functionClass) return get_config().at("name").asString();
  const std::string &full = get_config().asString();
  return full.substr(full.find('>') + 1);
}

Json Metric::serialize() const { return given.empty() ? config::serialize(*this) : Json(given); }

} // namespace cornu
