// Metrics counted from thresholded predictions.
#pragma once

#include <optional>

#include "frontend/core/one_or_many.h"
#include "frontend/metrics/metrics.h"

namespace cornu::metrics {

struct ConfusionOptions {
  std::string name = "";
  OneOrMany<double> threshold = 0.5;            ///< a prediction above it is positive
};
Metric TruePositives(ConfusionOptions options = {});
Metric TrueNegatives(ConfusionOptions options = {});
Metric FalsePositives(ConfusionOptions options = {});
Metric FalseNegatives(ConfusionOptions options = {});

struct PrecisionOptions {
  std::string name = "";
  OneOrMany<double> threshold = 0.5;
  std::optional<int64_t> class_id = {};         ///< looks only at this position of the last axis
};
/// True positives / (true + false positives); 0 where nothing was predicted positive.
Metric Precision(PrecisionOptions options = {});
/// True positives / (true positives + false negatives); 0 where nothing is positive.
Metric Recall(PrecisionOptions options = {});

} // namespace cornu::metrics
