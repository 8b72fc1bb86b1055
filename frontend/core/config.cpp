#include "frontend/core/config.h"

namespace cornu::config {

Json envelope(const char *module, const std::string &class_name, const Json &config) {
  return Json::object({{"module", module}, {"class_name", class_name}, {"config", config}, {"registered_name", nullptr}});
}

namespace {
template <class T> Json serializeComponent(const char *module, const T &component) {
  if (!component) return nullptr;
  if (component.class_name().empty())
    throw UserError("a config can name only objects and names, not a lambda", std::string("a lambda where ") + module + " are expected");
  return envelope(module, component.class_name(), component.get_config());
}

template <class T> T readComponent(const Json &config, const char *key, T fallback) {
  const Json *entry = config.find(key);
  if (!entry) return fallback;
  if (entry->isNull()) return {};
  if (entry->isString()) return T(entry->asString());
  return T::from_config(entry->at("class_name").asString(), entry->get("config"));
}
} // namespace

Json serialize(const Initializer &c) { return serializeComponent("keras.initializers", c); }
Json serialize(const Regularizer &c) { return serializeComponent("keras.regularizers", c); }
Json serialize(const Constraint &c) { return serializeComponent("keras.constraints", c); }
Json serialize(const ActivationFunction &activation) {
  if (activation.name().empty()) throw UserError("a config can name only the activations Keras knows", "a lambda");
  return activation.name();
}

Initializer initializer(const Json &config, const char *key, Initializer fallback) { return readComponent<Initializer>(config, key, fallback); }
Regularizer regularizer(const Json &config, const char *key) { return readComponent<Regularizer>(config, key, {}); }
Constraint constraint(const Json &config, const char *key) { return readComponent<Constraint>(config, key, {}); }

ActivationFunction activation(const Json &config, const char *key) {
  const Json &entry = config.get(key);
  if (entry.isNull()) return {};
  if (entry.isString()) return ActivationFunction(entry.asString());
  // {"class_name": "function", "config": "relu"}
  return ActivationFunction(entry.at("config").asString());
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
