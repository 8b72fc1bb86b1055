// Whether the true class is among the k most probable.
#pragma once

#include "frontend/metrics/metrics.h"

namespace cornu::metrics {

struct TopKCategoricalAccuracyOptions { std::string name = "top_k_categorical_accuracy"; int64_t k = 5; };
/// Part of the samples whose true class, of a one-hot y_true, has fewer than k classes above it. A tie counts as a hit.
Metric TopKCategoricalAccuracy(TopKCategoricalAccuracyOptions options = {});

struct SparseTopKCategoricalAccuracyOptions {
  std::string name = "sparse_top_k_categorical_accuracy";
  int64_t k = 5;
  bool from_sorted_ids = false;   ///< y_pred holds no scores but at least k classes, the most probable first
};
/// The same for a y_true of classes.
Metric SparseTopKCategoricalAccuracy(SparseTopKCategoricalAccuracyOptions options = {});

} // namespace cornu::metrics
