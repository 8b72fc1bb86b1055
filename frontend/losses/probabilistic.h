// Losses between distributions, beside the crossentropies of losses.h.
#pragma once

#include "frontend/losses/losses.h"

namespace cornu::losses {

struct KLDivergenceOptions { std::string reduction = "sum_over_batch_size", name = "kl_divergence"; };
/// sum(y_true · log(y_true / y_pred)) over the last axis, with both clipped to [1e-7, 1].
Loss KLDivergence(KLDivergenceOptions options = {});

struct PoissonOptions { std::string reduction = "sum_over_batch_size", name = "poisson"; };
/// mean(y_pred - y_true · log(y_pred + 1e-7)) over the last axis.
Loss Poisson(PoissonOptions options = {});

struct BinaryFocalCrossentropyOptions {
  bool apply_class_balancing = false;   ///< weighs ones with alpha and zeros with 1 - alpha
  double alpha = 0.25;
  double gamma = 2;
  bool from_logits = false;
  double label_smoothing = 0;
  int64_t axis = -1;
  std::string reduction = "sum_over_batch_size", name = "binary_focal_crossentropy";
};
/// Binary crossentropy times (1 - p)^gamma, with p the probability of the true class; mean over `axis`. https://arxiv.org/abs/1708.02002
Loss BinaryFocalCrossentropy(BinaryFocalCrossentropyOptions options = {});

struct CategoricalFocalCrossentropyOptions {
  double alpha = 0.25;
  double gamma = 2;
  bool from_logits = false;
  double label_smoothing = 0;
  int64_t axis = -1;
  std::string reduction = "sum_over_batch_size", name = "categorical_focal_crossentropy";
};
/// -sum(alpha · (1 - y_pred)^gamma · y_true · log(y_pred)) over `axis`; y_true one-hot.
Loss CategoricalFocalCrossentropy(CategoricalFocalCrossentropyOptions options = {});

struct CategoricalGeneralizedCrossEntropyOptions {
  double q = 0.5;               ///< between 0 (crossentropy) and 1 (mean absolute error), both excluded
  std::string reduction = "sum_over_batch_size", name = "categorical_generalized_cross_entropy";
};
/// (1 - y_pred[y_true]^q) / q; y_true holds classes, (batch,). Each of (batch, 1) is compared with every prediction, as in Keras.
/// https://arxiv.org/abs/1805.07836
Loss CategoricalGeneralizedCrossEntropy(CategoricalGeneralizedCrossEntropyOptions options = {});

Tensor kl_divergence(const Tensor &y_true, const Tensor &y_pred);
Tensor poisson(const Tensor &y_true, const Tensor &y_pred);
Tensor binary_focal_crossentropy(const Tensor &y_true, const Tensor &y_pred, const BinaryFocalCrossentropyOptions &options = {});
Tensor categorical_focal_crossentropy(const Tensor &y_true, const Tensor &y_pred, const CategoricalFocalCrossentropyOptions &options = {});

} // namespace cornu::losses
