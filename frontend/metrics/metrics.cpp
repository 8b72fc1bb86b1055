#include "frontend/metrics/metrics.h"

#include "frontend/core/config.h"
#include "frontend/losses/losses.h"
#include "frontend/ops/ops.h"

namespace cornu {

namespace {

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

Metric make(const char *className, const std::string &name, std::function<Metric::Signature> function, Json extra = Json::object()) {
  Json config = Json::object({{"name", name}, {"dtype", "float32"}});
  for (const auto &[key, entry] : extra.asObject()) config[key] = entry;
  return Metric(className, config, std::move(function));
}
std::string orElse(const std::string &name, const char *fallback) { return name.empty() ? fallback : name; }

} // namespace

namespace metrics {
Metric BinaryAccuracy(BinaryAccuracyOptions o) {
  double threshold = o.threshold;
  return make("BinaryAccuracy", o.name, [threshold](const Tensor &t, const Tensor &p) { return binaryAccuracy(t, p, threshold); },
              Json::object({{"threshold", threshold}}));
}
Metric CategoricalAccuracy(NameOption o) { return make("CategoricalAccuracy", orElse(o.name, "categorical_accuracy"), categoricalAccuracy); }
Metric SparseCategoricalAccuracy(NameOption o) { return make("SparseCategoricalAccuracy", orElse(o.name, "sparse_categorical_accuracy"), sparseAccuracy); }
Metric MeanSquaredError(NameOption o) {
  return make("MeanSquaredError", orElse(o.name, "mean_squared_error"), [](const Tensor &y_true, const Tensor &y_pred) {
    auto [t, p] = losses::alignRanks(y_true, y_pred);
    return losses::mean_squared_error(t, p);
  });
}
Metric MeanAbsoluteError(NameOption o) {
  return make("MeanAbsoluteError", orElse(o.name, "mean_absolute_error"), [](const Tensor &y_true, const Tensor &y_pred) {
    auto [t, p] = losses::alignRanks(y_true, y_pred);
    return mean(abs(t - p), -1);
  });
}
Metric BinaryCrossentropy(NameOption o) {
  return make("BinaryCrossentropy", orElse(o.name, "binary_crossentropy"), [](const Tensor &t, const Tensor &p) { return Loss("binary_crossentropy")(t, p); },
              Json::object({{"from_logits", false}, {"label_smoothing", 0}}));
}
Metric CategoricalCrossentropy(NameOption o) {
  return make("CategoricalCrossentropy", orElse(o.name, "categorical_crossentropy"),
              [](const Tensor &t, const Tensor &p) { return Loss("categorical_crossentropy")(t, p); },
              Json::object({{"from_logits", false}, {"label_smoothing", 0}, {"axis", -1}}));
}
Metric SparseCategoricalCrossentropy(NameOption o) {
  return make("SparseCategoricalCrossentropy", orElse(o.name, "sparse_categorical_crossentropy"),
              [](const Tensor &t, const Tensor &p) { return Loss("sparse_categorical_crossentropy")(t, p); },
              Json::object({{"from_logits", false}, {"ignore_class", nullptr}, {"axis", -1}}));
}
} // namespace metrics

namespace {
const ComponentTable<Metric> &table() {
  static const ComponentTable<Metric> instance = [] {
    using namespace metrics;
    using config::number, config::text;
    ComponentTable<Metric> t("metric");
    auto add = [&](const char *className, std::vector<std::string> names, Metric (*maker)(NameOption)) {
      t.add(className, std::move(names), [maker](const Json &c) { return maker({text(c, "name", "")}); });
    };
    t.add("accuracy", {"accuracy", "acc"}, [](const Json &) { return make("", "accuracy", accuracy); });
    t.add("BinaryAccuracy", {"binary_accuracy"},
          [](const Json &c) { return BinaryAccuracy({text(c, "name", "binary_accuracy"), number(c, "threshold", 0.5)}); });
    add("CategoricalAccuracy", {"categorical_accuracy"}, CategoricalAccuracy);
    add("SparseCategoricalAccuracy", {"sparse_categorical_accuracy"}, SparseCategoricalAccuracy);
    add("MeanSquaredError", {"mean_squared_error", "mse", "MSE"}, MeanSquaredError);
    add("MeanAbsoluteError", {"mean_absolute_error", "mae", "MAE"}, MeanAbsoluteError);
    add("BinaryCrossentropy", {"binary_crossentropy"}, BinaryCrossentropy);
    add("CategoricalCrossentropy", {"categorical_crossentropy"}, CategoricalCrossentropy);
    add("SparseCategoricalCrossentropy", {"sparse_categorical_crossentropy"}, SparseCategoricalCrossentropy);
    return t;
  }();
  return instance;
}
} // namespace

Metric::Metric(const std::string &name) : Metric(table().make(name, Json::object())) { given = name; }
Metric::Metric(std::string class_name, Json config, std::function<Signature> function)
    : state(std::make_shared<ComponentState<Signature>>(ComponentState<Signature>{std::move(class_name), std::move(config), std::move(function)})) {}
Metric Metric::from_config(const std::string &class_name, const Json &config) { return table().make(class_name, config); }

std::string Metric::name() const { return given.empty() ? state->config.at("name").asString() : given; }

Json Metric::serialize() const {
  if (!given.empty()) return given;
  if (class_name().empty()) throw UserError("a config can name only metrics that Keras knows", "a lambda");
  return config::envelope("keras.metrics", class_name(), get_config());
}

} // namespace cornu
