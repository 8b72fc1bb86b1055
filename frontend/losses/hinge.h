// Losses that ask for a margin.
#pragma once

#include "frontend/losses/losses.h"

namespace cornu::losses {

struct HingeOptions { std::string reduction = "sum_over_batch_size", name = "hinge"; };
/// mean(max(1 - y_true · y_pred, 0)) over the last axis; y_true is -1 or 1. If all of a batch's labels are 0 or 1 they become -1 or 1.
Loss Hinge(HingeOptions options = {});

struct SquaredHingeOptions { std::string reduction = "sum_over_batch_size", name = "squared_hinge"; };
/// mean(max(1 - y_true · y_pred, 0)²) over the last axis; labels as for Hinge.
Loss SquaredHinge(SquaredHingeOptions options = {});

struct CategoricalHingeOptions { std::string reduction = "sum_over_batch_size", name = "categorical_hinge"; };
/// max(max((1 - y_true) · y_pred) - sum(y_true · y_pred) + 1, 0) over the last axis; y_true one-hot.
Loss CategoricalHinge(CategoricalHingeOptions options = {});

Tensor hinge(const Tensor &y_true, const Tensor &y_pred);
Tensor squared_hinge(const Tensor &y_true, const Tensor &y_pred);
Tensor categorical_hinge(const Tensor &y_true, const Tensor &y_pred);

} // namespace cornu::losses
