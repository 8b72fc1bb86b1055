// The best of one measure where another reaches a value.
#pragma once

#include <optional>

#include "frontend/metrics/metrics.h"

namespace cornu::metrics {

struct AtValueOptions {
  int64_t num_thresholds = 200;                 ///< that predictions are tried against, evenly from 0 to 1; 1: only 0.5
  std::optional<int64_t> class_id = {};         ///< looks only at this position of the last axis
  std::string name = "";
};
/// The largest value at a threshold at which the other measure is at least the given one, which is in [0, 1]; 0 if there is none.
Metric SensitivityAtSpecificity(double specificity, AtValueOptions options = {});
Metric SpecificityAtSensitivity(double sensitivity, AtValueOptions options = {});
Metric PrecisionAtRecall(double recall, AtValueOptions options = {});
Metric RecallAtPrecision(double precision, AtValueOptions options = {});

} // namespace cornu::metrics
