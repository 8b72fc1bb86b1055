// Counts at many thresholds, which curves are drawn from. Internal.
#pragma once

#include "frontend/metrics/make.h"

namespace cornu::metrics {

/// Numbers from 0 to 1 that predictions are compared with.
struct Thresholds {
  int64_t evenly = 200;                         ///< so many, with 0 and 1, unless they are listed
  std::vector<double> listed = {};
  bool zeroIsAbove = true;                      ///< whether a prediction of 0 is above the first of those evenly spread (Keras puts it at -1e-7)
  bool perLabel = false;                        ///< counts apart for each position of the last axis
};

/// True and false positives and negatives at each threshold (last axis), and all positives and negatives.
struct ThresholdCounts {
  Tensor tp, fp, tn, fn, positives, negatives;
};
ThresholdCounts countAt(const Thresholds &thresholds, const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight);

/// Leaves only position `class_id` of the last axis, if there is one. UserError where there is no such position.
void selectClass(Tensor &y_true, Tensor &y_pred, std::optional<int64_t> class_id);

/// A constant vector.
Tensor vectorOf(const std::vector<float> &numbers);

} // namespace cornu::metrics
