// Losses of how far two sets overlap.
#pragma once

#include <optional>

#include "frontend/core/one_or_many.h"
#include "frontend/losses/losses.h"

namespace cornu::losses {

struct DiceOptions {
  std::optional<OneOrMany<int64_t>> axis = {};        ///< without it one value for the whole batch
  std::string reduction = "sum_over_batch_size", name = "dice";
};
/// 1 - 2 · sum(y_true · y_pred) / (sum(y_true) + sum(y_pred) + 1e-7).
Loss Dice(DiceOptions options = {});

struct TverskyOptions {
  double alpha = 0.5;           ///< weight of what is in y_true alone
  double beta = 0.5;            ///< weight of what is in y_pred alone
  std::optional<OneOrMany<int64_t>> axis = {};
  std::string reduction = "sum_over_batch_size", name = "tversky";
};
/// With i = sum(y_true · y_pred): 1 - i / (i + alpha · sum(y_true · (1 - y_pred)) + beta · sum((1 - y_true) · y_pred) + 1e-7).
Loss Tversky(TverskyOptions options = {});

} // namespace cornu::losses
