// Losses between numbers.
#pragma once

#include "frontend/losses/losses.h"

namespace cornu::losses {

struct MeanAbsoluteErrorOptions { std::string reduction = "sum_over_batch_size", name = "mean_absolute_error"; };
/// mean(|y_true - y_pred|) over the last axis.
Loss MeanAbsoluteError(MeanAbsoluteErrorOptions options = {});

struct MeanAbsolutePercentageErrorOptions { std::string reduction = "sum_over_batch_size", name = "mean_absolute_percentage_error"; };
/// 100 · mean(|y_true - y_pred| / max(|y_true|, 1e-7)) over the last axis.
Loss MeanAbsolutePercentageError(MeanAbsolutePercentageErrorOptions options = {});

struct MeanSquaredLogarithmicErrorOptions { std::string reduction = "sum_over_batch_size", name = "mean_squared_logarithmic_error"; };
/// mean((log(y_pred + 1) - log(y_true + 1))²) over the last axis, with both at least 1e-7.
Loss MeanSquaredLogarithmicError(MeanSquaredLogarithmicErrorOptions options = {});

struct CosineSimilarityOptions {
  int64_t axis = -1;
  std::string reduction = "sum_over_batch_size", name = "cosine_similarity";
};
/// -sum(y_true / |y_true| · y_pred / |y_pred|) over `axis`: -1 for the same direction, 1 for opposite ones.
Loss CosineSimilarity(CosineSimilarityOptions options = {});

struct HuberOptions {
  double delta = 1;
  std::string reduction = "sum_over_batch_size", name = "huber_loss";
};
/// With e = |y_true - y_pred|: mean(e² / 2 up to delta, beyond it delta · e - delta² / 2) over the last axis.
Loss Huber(HuberOptions options = {});

struct LogCoshOptions { std::string reduction = "sum_over_batch_size", name = "log_cosh"; };
/// mean(log(cosh(y_pred - y_true))) over the last axis.
Loss LogCosh(LogCoshOptions options = {});

// The same as functions of tensors.
Tensor mean_absolute_error(const Tensor &y_true, const Tensor &y_pred);
Tensor mean_absolute_percentage_error(const Tensor &y_true, const Tensor &y_pred);
Tensor mean_squared_logarithmic_error(const Tensor &y_true, const Tensor &y_pred);
Tensor cosine_similarity(const Tensor &y_true, const Tensor &y_pred, int64_t axis = -1);
Tensor huber(const Tensor &y_true, const Tensor &y_pred, double delta = 1);
Tensor log_cosh(const Tensor &y_true, const Tensor &y_pred);

} // namespace cornu::losses
