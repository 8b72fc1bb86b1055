// Reading constructor arguments out of configs.
#pragma once

#include <optional>

#include "frontend/activations/activations.h"
#include "frontend/constraints/constraints.h"
#include "frontend/core/layer.h"
#include "frontend/initializers/initializers.h"
#include "frontend/regularizers/regularizers.h"

namespace cornu::config {

/// Keras's envelope {"module", "class_name", "config", "registered_name"} of a component; null for none.
Json envelope(const char *module, const std::string &class_name, const Json &config);
Json serialize(const Initializer &initializer);
Json serialize(const Regularizer &regularizer);
Json serialize(const Constraint &constraint);
/// UserError for a lambda: it has no name to write.
Json serialize(const ActivationFunction &activation);

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
std::optional<uint64_t> seed(const Json &config, const char *key = "seed");

} // namespace cornu::config
