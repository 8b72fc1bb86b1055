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
/// A total's only element.
inline double scalarOf(const Variable &total) { return total.value().at(0); }
inline double ratio(double a, double b) { return b == 0 ? 0 : a / b; }
/// Total and count, whose quotient is the mean of the values.
Tensors meanIncrements(const Tensor &values);

// Each family adds itself to the names that are known.
void addLosses(ComponentTable<Metric> &table);
void addConfusion(ComponentTable<Metric> &table);
void addCurves(ComponentTable<Metric> &table);
void addScores(ComponentTable<Metric> &table);
void addTopK(ComponentTable<Metric> &table);

} // namespace cornu::metrics
