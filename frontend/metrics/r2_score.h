// R2Score: how much of the targets' variance is explained.
#pragma once

#include "frontend/metrics/metrics.h"

namespace cornu::metrics {

struct R2ScoreOptions {
  std::string class_aggregation = "uniform_average"; ///< or "variance_weighted_average": how the scores of several outputs become one
  int64_t num_regressors = 0;                        ///< p > 0 gives the adjusted score 1 - (1 - R²)(n - 1) / (n - p - 1), n the number of elements
  std::string name = "r2_score";
};
/// 1 - Σ(y_true - y_pred)² / Σ(y_true - mean)² of each position of the last axis, of (batch, outputs); 0 where it would be infinite.
Metric R2Score(R2ScoreOptions options = {});

} // namespace cornu::metrics
