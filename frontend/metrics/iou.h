// Intersection over union: how well predicted regions cover the true ones.
#pragma once

#include <optional>

#include "frontend/metrics/metrics.h"

namespace cornu::metrics {

/// Targets and predictions are classes, or, where not sparse, one-hot or scores along `axis`.
struct IoUOptions {
  std::optional<int64_t> ignore_class = {};     ///< targets of this class do not count
  bool sparse_y_true = true;
  bool sparse_y_pred = true;
  int64_t axis = -1;
  std::string name = "";
  std::string dtype = "int64";                  ///< of the counts: integers cut the fraction off sample weights
};
/// TP / (TP + FP + FN) of each target class, averaged over those that occur in targets or predictions. Classes outside of [0, num_classes) do not
/// count.
Metric IoU(int64_t num_classes, std::vector<int64_t> target_class_ids, IoUOptions options = {});
/// Of all classes.
Metric MeanIoU(int64_t num_classes, IoUOptions options = {});

struct OneHotIoUOptions {
  std::optional<int64_t> ignore_class = {};
  bool sparse_y_pred = false;
  int64_t axis = -1;
  std::string name = "";
  std::string dtype = "int64";
};
/// The same of one-hot targets.
Metric OneHotIoU(int64_t num_classes, std::vector<int64_t> target_class_ids, OneHotIoUOptions options = {});
Metric OneHotMeanIoU(int64_t num_classes, OneHotIoUOptions options = {});

struct BinaryIoUOptions {
  std::vector<int64_t> target_class_ids = {0, 1};
  double threshold = 0.5;                       ///< a prediction from it on is class 1
  std::string name = "";
  std::string dtype = "int64";
};
Metric BinaryIoU(BinaryIoUOptions options = {});

} // namespace cornu::metrics
