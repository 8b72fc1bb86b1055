// AUC: the area under a curve that thresholds draw.
#pragma once

#include "frontend/metrics/metrics.h"

namespace cornu::metrics {

struct AUCOptions {
  int64_t num_thresholds = 200;                         ///< evenly from 0 to 1
  std::string curve = "ROC";                            ///< or "PR", precision over recall
  std::string summation_method = "interpolation";       ///< or "minoring", "majoring": between two thresholds the lower or the higher value
  std::string name = "auc";
  std::vector<double> thresholds = {};                  ///< instead, besides 0 and 1
  bool multi_label = false;                             ///< mean of an area for each position of the last axis
  bool from_logits = false;                             ///< predictions go through a sigmoid first
  std::optional<int64_t> num_labels = {};               ///< of the last axis, with multi_label; known from the predictions without it
  std::vector<double> label_weights = {};               ///< of the areas in their mean, with multi_label; else of the counts
};
/// Approximate area under the ROC or precision-recall curve. Counts are kept for each threshold. "PR" interpolates as Davis and Goadrich,
/// https://www.biostat.wisc.edu/~page/rocpr.pdf
Metric AUC(AUCOptions options = {});

} // namespace cornu::metrics
