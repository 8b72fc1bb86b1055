// How a family of metrics is written: internal.
#pragma once

#include "frontend/core/config.h"
#include "frontend/metrics/metrics.h"
#include "frontend/ops/ops.h"

namespace cornu::metrics {

/// Keras's config: name, dtype, then the metric's own arguments.
inline Json configOf(const std::string &name, const Json &own) {
  Json config = Json::object({{"name", name}, {"dtype", "float32"}});
  for (const auto &[key, entry] : own.asObject()) config[key] = entry;
  return config;
}
/// Total and count, whose quotient is the mean of the values, weighted unless `sample_weight` is no tensor (Keras's
/// reduce_to_samplewise_values): values are averaged over the axes that the weights lack, then over all but the first.
/// UserError if the weights do not fit.
Tensors meanIncrements(const Tensor &values, const Tensor &sample_weight);
/// Weights as factors of elements of shape `of`, as confusion metrics take them: (batch,) stands for every element of its sample.
/// No tensor stays none. UserError if they do not fit.
Tensor elementWeights(const Tensor &sample_weight, const Shape &of);
/// Sum of the elements times `weights`, if they are a tensor.
inline Tensor weightedSum(const Tensor &x, const Tensor &weights, const Axes &axes = {}) { return sum(weights ? x * weights : x, axes); }
/// UserError: weights of a shape that the values of a metric do not allow.
[[noreturn]] void failWeights(const Shape &values, const Shape &weights);

// Each family adds itself to the names that are known.
void addLosses(ComponentTable<Metric> &table);
void addConfusion(ComponentTable<Metric> &table);
void addCurves(ComponentTable<Metric> &table);
void addScores(ComponentTable<Metric> &table);
void addTopK(ComponentTable<Metric> &table);
void addAtValue(ComponentTable<Metric> &table);
void addIoUs(ComponentTable<Metric> &table);
void addR2Score(ComponentTable<Metric> &table);
void addCorrelations(ComponentTable<Metric> &table);

} // namespace cornu::metrics
