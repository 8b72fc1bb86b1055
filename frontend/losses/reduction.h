// How weights and a reduction make one number of a loss's values, as Keras does it.
#pragma once

#include <string>

#include "frontend/core/tensor.h"

namespace cornu::losses {

/// x / y, and 0 where y is 0.
Tensor divideNoNan(const Tensor &x, const Tensor &y);

/// The values times the weights, which must broadcast against them once a last axis of 1 has been added or dropped, reduced:
///   "sum"                            Σ values·weights
///   "sum_over_batch_size" · "mean"   Σ values·weights / number of values: the weights do not change the divisor
///   "mean_with_sample_weight"        Σ values·weights / Σ weights, 0 if that is 0
///   "none"                           values·weights
/// `weights` may be no tensor. UserError if the weights do not fit.
Tensor reduce(const Tensor &values, const Tensor &weights, const std::string &reduction);

/// sample_weight × mask; either may be no tensor, then it is the other. A loss that is a mean over all values gives the valid ones the weight
/// all / valid, 0 if none is valid, so that the masked ones do not count.
Tensor maskedWeight(const Tensor &sample_weight, const Tensor &mask, DType dtype, const std::string &reduction);

} // namespace cornu::losses
