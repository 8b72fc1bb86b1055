// Correlation between targets and predictions.
#pragma once

#include "frontend/metrics/metrics.h"

namespace cornu::metrics {

struct CorrelationOptions {
  std::string name = "";
  int64_t axis = -1;                            ///< along which a sample's values are compared
};
/// mean((t - mean(t)) / std(t) · (p - mean(p)) / std(p)) along the axis, averaged over the samples.
Metric PearsonCorrelation(CorrelationOptions options = {});
/// mean(2 (t - mean(p)) (p - mean(p)) / (var(t) + var(p) + (mean(t) - mean(p))² + 1e-7)), as Keras has it.
Metric ConcordanceCorrelation(CorrelationOptions options = {});

} // namespace cornu::metrics
