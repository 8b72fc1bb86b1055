#include <algorithm>

#include "frontend/core/config.h"
#include "frontend/saving/model_config.h"

namespace cornu::saving {
namespace {

bool isEnvelope(const Json &json) { return json.isObject() && json.contains("class_name") && json.contains("config"); }

using config::component;

LossArgument lossArgument(const Json &json) {
  if (json.isNull()) return {};
  if (json.isString() || isEnvelope(json)) return LossArgument(component<Loss>(json));
  if (json.isList()) {
    std::vector<Loss> losses;
    for (const Json &item : json.asList()) losses.push_back(component<Loss>(item));
    return losses.size() == 1 ? LossArgument(losses[0]) : LossArgument(std::move(losses));
  }
  std::vector<std::pair<std::string, Loss>> named;
  for (const auto &[name, item] : json.asObject()) named.emplace_back(name, component<Loss>(item));
  return LossArgument(std::move(named));
}

LossWeights lossWeights(const Json &json) {
  if (json.isNull()) return {};
  if (json.isNumber()) return LossWeights(std::vector<double>{json.asDouble()});
  if (json.isList()) {
    std::vector<double> weights;
    for (const Json &item : json.asList()) weights.push_back(item.asDouble());
    return LossWeights(std::move(weights));
  }
  std::vector<std::pair<std::string, double>> named;
  for (const auto &[name, item] : json.asObject()) named.emplace_back(name, item.asDouble());
  return LossWeights(std::move(named));
}

std::vector<Metric> metricList(const Json &json) {
  std::vector<Metric> metrics;
  if (json.isNull()) return metrics;
  if (json.isString() || isEnvelope(json)) return {component<Metric>(json)};
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
  if (!nested) return MetricsArgument(metricList(json));
  std::vector<std::vector<Metric>> each;
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
  if (const Json &weighted = config.get("weighted_metrics"); weighted.size() > 0)
    throw UserError("compile: weighted_metrics is not supported yet", weighted.dump());
  if (const Json &eager = config.get("run_eagerly"); !eager.isNull()) options.run_eagerly = eager.asBool();
  return true;
}

} // namespace cornu::saving
