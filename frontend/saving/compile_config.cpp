#include <algorithm>

#include "frontend/core/config.h"
#include "frontend/saving/model_config.h"

namespace cornu::saving {
namespace {

bool isEnvelope(const Json &json) { return json.isObject() && json.contains("class_name") && json.contains("config"); }

using config::component;

Loss lossOrNone(const Json &json) { return json.isNull() ? Loss() : component<Loss>(json); }

LossArgument lossArgument(const Json &json) {
  if (json.isNull()) return {};
  if (json.isString() || isEnvelope(json)) return LossArgument(component<Loss>(json));
  if (json.isList()) {
    std::vector<Loss> losses;
    for (const Json &item : json.asList()) losses.push_back(lossOrNone(item));
    return LossArgument(std::move(losses));
  }
  std::vector<std::pair<std::string, Loss>> named;
  for (const auto &[name, item] : json.asObject()) named.emplace_back(name, lossOrNone(item));
  return LossArgument(std::move(named));
}

LossWeights lossWeights(const Json &json) {
  if (json.isNull()) return {};
  if (json.isNumber()) return LossWeights(json.asDouble());
  if (json.isList()) {
    std::vector<double> weights;
    for (const Json &item : json.asList()) weights.push_back(item.asDouble());
    return LossWeights(std::move(weights));
  }
  std::vector<std::pair<std::string, double>> named;
  for (const auto &[name, item] : json.asObject()) named.emplace_back(name, item.asDouble());
  return LossWeights(std::move(named));
}

/// A list of metrics, one, or null for none.
MetricList metricList(const Json &json) {
  if (json.isNull()) return {};
  if (!json.isList()) return component<Metric>(json);
  std::vector<Metric> metrics;
  for (const Json &item : json.asList())
    if (!item.isNull()) metrics.push_back(component<Metric>(item));
  return metrics;
}

MetricsArgument metricsArgument(const Json &json) {
  if (json.isNull() || (json.isList() && json.empty())) return {};
  if (json.isObject() && !isEnvelope(json)) {
    std::vector<MetricsArgument::Named> named;
    for (const auto &[name, item] : json.asObject()) named.emplace_back(name, metricList(item));
    return MetricsArgument(std::move(named));
  }
  bool nested = json.isList() && std::any_of(json.asList().begin(), json.asList().end(), [](const Json &item) { return item.isList() || item.isNull(); });
  if (!nested) return MetricsArgument(metricList(json).metrics());
  std::vector<MetricList> each;
  for (const Json &item : json.asList()) each.push_back(metricList(item));
  return MetricsArgument(std::move(each));
}

} // namespace

bool compileOptions(const Json &config, CompileOptions &options) {
  if (!config.isObject() || config.empty()) return false;
  if (const Json &optimizer = config.get("optimizer"); !optimizer.isNull()) options.optimizer = Optimizer::deserialize(optimizer);
  options.loss = lossArgument(config.get("loss"));
  options.loss_weights = lossWeights(config.get("loss_weights"));
  options.metrics = metricsArgument(config.get("metrics"));
  options.weighted_metrics = metricsArgument(config.get("weighted_metrics"));
  if (const Json &eager = config.get("run_eagerly"); !eager.isNull()) options.run_eagerly = eager.asBool();
  if (const Json &steps = config.get("steps_per_execution"); !steps.isNull()) options.steps_per_execution = steps.asInt();
  if (const Json &jit = config.get("jit_compile"); jit.isBool()) options.jit_compile = jit.asBool();
  return true;
}

} // namespace cornu::saving
