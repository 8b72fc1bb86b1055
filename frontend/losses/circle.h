// Circle loss, which compares the samples of a batch with each other.
#pragma once

#include "frontend/losses/losses.h"

namespace cornu::losses {

struct CircleOptions {
  double gamma = 80;            ///< scale of the similarities
  double margin = 0.4;          ///< distances below weigh negatives up and positives down, those above the other way round
  bool remove_diagonal = true;  ///< a sample is not compared with itself
  std::string reduction = "sum_over_batch_size", name = "circle";
};
/// For sample i, with d the cosine distances max(1 - y_pred · y_predᵀ, 0) of embeddings of length 1 (batch, features), and classes y_true, (batch,) or
/// (batch, 1):
///   softplus(log Σ exp(-gamma · (margin + d) · (margin - d)) + log Σ exp(gamma · max(1 + margin - d, 0) · (1 - margin - d)))
/// where the first sum is over the samples of the class of i, and the second over the others. Samples with a loss of 0 do not count in the mean.
/// https://arxiv.org/abs/2002.10857
Loss Circle(CircleOptions options = {});

Tensor circle(const Tensor &y_true, const Tensor &y_pred, const CircleOptions &options = {});

} // namespace cornu::losses
