// What is measured beside the loss (keras.metrics): means, over the samples of an epoch, of a function of targets and predictions.
#pragma once

#include "frontend/core/component.h"
#include "frontend/core/tensor.h"

namespace cornu {

/// From a name ("accuracy"), an object (`metrics::BinaryAccuracy({.threshold = 0.7})`), or a lambda `Tensor(const Tensor &y_true,
/// const Tensor &y_pred)` that gives a value for each sample.
class Metric {
public:
  using Signature = Tensor(const Tensor &y_true, const Tensor &y_pred);

  Metric(const char *name) : Metric(std::string(name)) {}
  Metric(const std::string &name);
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &, const Tensor &> && (!std::is_same_v<F, Metric>)
  Metric(F function) : Metric("", Json::object({{"name", "lambda"}}), std::move(function)) {}
  Metric(std::string class_name, Json config, std::function<Signature> function);
  static Metric from_config(const std::string &class_name, const Json &config);

  /// One value a sample, or more; their mean is the metric.
  Tensor operator()(const Tensor &y_true, const Tensor &y_pred) const { return state->function(y_true, y_pred); }
  /// Key in logs: the name as given ("acc" stays "acc").
  std::string name() const;
  const std::string &class_name() const { return state->class_name; }
  const Json &get_config() const { return state->config; }
  Json serialize() const;

private:
  std::shared_ptr<const ComponentState<Signature>> state;
  std::string given;
};

namespace metrics {
struct NameOption { std::string name = ""; };
struct BinaryAccuracyOptions { std::string name = "binary_accuracy"; double threshold = 0.5; };
/// y_true equals (y_pred > threshold)
Metric BinaryAccuracy(BinaryAccuracyOptions options = {});
/// argmax(y_true) equals argmax(y_pred)
Metric CategoricalAccuracy(NameOption options = {});
/// y_true equals argmax(y_pred)
Metric SparseCategoricalAccuracy(NameOption options = {});
Metric MeanSquaredError(NameOption options = {});
Metric MeanAbsoluteError(NameOption options = {});
Metric BinaryCrossentropy(NameOption options = {});
Metric CategoricalCrossentropy(NameOption options = {});
Metric SparseCategoricalCrossentropy(NameOption options = {});
} // namespace metrics

} // namespace cornu
