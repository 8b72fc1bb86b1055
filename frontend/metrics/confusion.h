// Metrics counted from thresholded predictions.
#pragma once

#include <optional>

#include "frontend/core/one_or_many.h"
#include "frontend/metrics/metrics.h"

namespace cornu::metrics {

struct ConfusionOptions {
  std::string name = "";
  OneOrMany<double> threshold = 0.5;            ///< a prediction above it is positive; of several each has its own number
};
/// How many predictions are what the name says.
Metric TruePositives(ConfusionOptions options = {});
Metric TrueNegatives(ConfusionOptions options = {});
Metric FalsePositives(ConfusionOptions options = {});
Metric FalseNegatives(ConfusionOptions options = {});

struct PrecisionOptions {
  std::string name = "";
  OneOrMany<double> threshold = 0.5;            ///< with top_k all that are among them are positive, unless another is given
  std::optional<int64_t> class_id = {};         ///< looks only at this position of the last axis
  std::optional<int64_t> top_k = {};            ///< only the k largest of the last axis can be positive; of equal ones the first
};
/// True positives / (true + false positives); 0 where nothing was predicted positive.
Metric Precision(PrecisionOptions options = {});
/// True positives / (true positives + false negatives); 0 where nothing is positive.
Metric Recall(PrecisionOptions options = {});

} // namespace cornu::metrics
