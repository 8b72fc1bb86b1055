#include "frontend/core/config.h"

#include "frontend/losses/losses.h"
#include "frontend/metrics/metrics.h"
#include "frontend/optimizers/schedules.h"

namespace cornu::config {

Json envelope(const char *module, const std::string &class_name, const Json &config, const std::string &registeredName) {
  bool own = !registeredName.empty();
  return Json::object({{"module", own ? Json() : Json(module)}, {"class_name", class_name}, {"config", config}, {"registered_name", own ? Json(registeredName) : Json()}});
}

Json functionEnvelope(const std::string &registeredName) {
  return Json::object({{"module", "builtins"}, {"class_name", "function"}, {"config", registeredName}, {"registered_name", "function"}});
}

std::string functionName(const Json &envelope) {
  const std::string &className = envelope.at("class_name").asString();
  const Json &config = envelope.get("config");
  if (className == "function" && config.isString()) return config.asString();
  // Keras 2: {"class_name": "MeanMetricWrapper", "config": {"name": …, "fn": "categorical_accuracy"}}.
  if ((className == "MeanMetricWrapper" || className == "LossFunctionWrapper") && config.get("fn").isString()) return config.at("fn").asString();
  return "";
}

namespace {
template <class T> Json serializeComponent(const char *module, const char *kind, const T &component) {
  if (!component) return nullptr;
  const std::string &className = component.class_name();
  if (className.empty())
    throw UserError("a file cannot hold C++: register_" + std::string(kind) + " gives a lambda a name that it can hold", "a lambda in " + std::string(module));
  if (className == T::functionClass) return functionEnvelope(component.get_config().asString());
  return envelope(module, className, component.get_config(), T::classes().registeredName(className));
}
} // namespace

Json serialize(const Initializer &c) { return serializeComponent("keras.initializers", "initializer", c); }
Json serialize(const Regularizer &c) { return serializeComponent("keras.regularizers", "regularizer", c); }
Json serialize(const Constraint &c) { return serializeComponent("keras.constraints", "constraint", c); }
Json serialize(const Loss &c) { return serializeComponent("keras.losses", "loss", c); }
Json serialize(const Metric &c) { return serializeComponent("keras.metrics", "metric", c); }
Json serialize(const LearningRate &c) { return serializeComponent("keras.optimizers.schedules", "schedule", c); }
Json serialize(const ActivationFunction &activation) {
  if (activation.name().empty()) throw UserError("a file cannot hold C++: register_activation gives a lambda a name that it can hold", "a lambda in keras.activations");
  return activation.isRegistered() ? functionEnvelope(activation.name()) : Json(activation.name());
}

Initializer initializer(const Json &config, const char *key, Initializer fallback) {
  const Json *entry = config.find(key);
  return entry ? component<Initializer>(*entry) : fallback;
}
Regularizer regularizer(const Json &config, const char *key) { return component<Regularizer>(config.get(key)); }
Constraint constraint(const Json &config, const char *key) { return component<Constraint>(config.get(key)); }

ActivationFunction activation(const Json &config, const char *key) {
  const Json &entry = config.get(key);
  if (entry.isNull()) return {};
  return ActivationFunction(entry.isString() ? entry.asString() : functionName(entry));
}

LayerOptions layerOptions(const Json &config) {
  LayerOptions options;
  options.name = text(config, "name", "");
  options.trainable = flag(config, "trainable", true);
  if (const Json &dtype = config.get("dtype"); dtype.isString())
    options.dtype = dtype.asString();
  else if (dtype.isObject())
    options.dtype = dtype.at("config").at("name").asString();
  options.activity_regularizer = regularizer(config, "activity_regularizer");
  return options;
}

int64_t integer(const Json &config, const char *key, int64_t fallback) {
  const Json &entry = config.get(key);
  return entry.isNull() ? fallback : entry.asInt();
}
double number(const Json &config, const char *key, double fallback) {
  const Json &entry = config.get(key);
  return entry.isNull() ? fallback : entry.asDouble();
}
bool flag(const Json &config, const char *key, bool fallback) {
  const Json &entry = config.get(key);
  return entry.isNull() ? fallback : entry.asBool();
}
std::string text(const Json &config, const char *key, const std::string &fallback) {
  const Json &entry = config.get(key);
  return entry.isNull() ? fallback : entry.asString();
}
std::optional<int64_t> optionalInteger(const Json &config, const char *key) {
  const Json &entry = config.get(key);
  return entry.isNull() ? std::nullopt : std::optional(entry.asInt());
}
std::optional<double> optionalNumber(const Json &config, const char *key) {
  const Json &entry = config.get(key);
  return entry.isNull() ? std::nullopt : std::optional(entry.asDouble());
}
std::optional<uint64_t> seed(const Json &config, const char *key) {
  const Json *entry = config.find(key);
  // A SeedGenerator envelope, too, holds its seed in its config.
  if (entry && entry->isObject()) entry = entry->at("config").find("seed");
  return !entry || entry->isNull() ? std::nullopt : std::optional(static_cast<uint64_t>(entry->asInt()));
}

} // namespace cornu::config
