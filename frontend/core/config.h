// Reading constructor arguments out of configs.
#pragma once

#include <optional>

#include "frontend/activations/activations.h"
#include "frontend/constraints/constraints.h"
#include "frontend/core/layer.h"
#include "frontend/initializers/initializers.h"
#include "frontend/regularizers/regularizers.h"

namespace cornu {
class LearningRate;
class Loss;
class Metric;
} // namespace cornu

namespace cornu::config {

/// Keras's envelope {"module", "class_name", "config", "registered_name"}: the module where the class is Keras's own, or the registered name.
Json envelope(const char *module, const std::string &class_name, const Json &config, const std::string &registeredName = "");
/// The envelope of a registered function, "Custom>huberish".
Json functionEnvelope(const std::string &registeredName);
/// The envelope of a component; null for none. UserError for a lambda: it has no name to write.
Json serialize(const Initializer &initializer);
Json serialize(const Regularizer &regularizer);
Json serialize(const Constraint &constraint);
Json serialize(const Loss &loss);
Json serialize(const Metric &metric);
Json serialize(const LearningRate &schedule);
/// Its name, or the envelope of a registered function.
Json serialize(const ActivationFunction &activation);

/// The name of a function {"class_name": "function", "config": "relu"}, as Keras and, within a wrapper, Keras 2 write it; "" for what is no function.
std::string functionName(const Json &envelope);
/// The other way: an envelope, a function's, or a name; nothing for null.
template <class T> T component(const Json &entry) {
  if (entry.isNull()) return {};
  if (entry.isString()) return T(entry.asString());
  if (std::string name = functionName(entry); !name.empty()) return T::classes().find(name)(Json::object());
  return T::from_config(T::classes().keyOf(entry), entry.get("config"));
}

/// The member `key` as a component: an envelope, a name, or null for none.
Initializer initializer(const Json &config, const char *key, Initializer fallback = {});
Regularizer regularizer(const Json &config, const char *key);
Constraint constraint(const Json &config, const char *key);
ActivationFunction activation(const Json &config, const char *key);

/// name, trainable, dtype (a name or a policy envelope), activity_regularizer.
LayerOptions layerOptions(const Json &config);

int64_t integer(const Json &config, const char *key, int64_t fallback);
double number(const Json &config, const char *key, double fallback);
bool flag(const Json &config, const char *key, bool fallback);
std::string text(const Json &config, const char *key, const std::string &fallback);
std::optional<double> optionalNumber(const Json &config, const char *key);
std::optional<int64_t> optionalInteger(const Json &config, const char *key);
std::optional<uint64_t> seed(const Json &config, const char *key = "seed");

} // namespace cornu::config
