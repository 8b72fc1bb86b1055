// F scores: precision and recall in one number.
#pragma once

#include <optional>

#include "frontend/metrics/metrics.h"

namespace cornu::metrics {

struct FBetaScoreOptions {
  /// One number for each class; or of the classes: "macro"; with all their samples in one: "micro"; by their number of samples: "weighted".
  std::optional<std::string> average = {};
  double beta = 1;                      ///< how much more recall counts than precision
  std::optional<double> threshold = {}; ///< above it a class is predicted; without one the most probable is
  std::string name = "fbeta_score";
};
/// (1 + beta²) · precision · recall / (beta² · precision + recall), of one-hot targets.
Metric FBetaScore(FBetaScoreOptions options = {});

struct F1ScoreOptions {
  std::optional<std::string> average = {};
  std::optional<double> threshold = {};
  std::string name = "f1_score";
};
/// FBetaScore with beta 1.
Metric F1Score(F1ScoreOptions options = {});

} // namespace cornu::metrics
