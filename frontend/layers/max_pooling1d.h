// MaxPooling1D: the largest number of each window of steps.
#pragma once

#include "frontend/layers/base_pooling.h"

namespace cornu {

/// (batch, steps, channels) → the same with fewer steps. Of equal elements the first gets the gradient.
class MaxPooling1D : public BasePooling<MaxPooling1D> {
public:
  explicit MaxPooling1D(OneOrMany<int64_t> pool_size = 2, PoolingOptions options = {}) : BasePooling(1, std::move(pool_size), std::move(options)) {}
  std::string class_name() const override { return "MaxPooling1D"; }
  Tensor call(const Tensor &x) { return max_pool(x, size, windowsFor(x)); }
};

} // namespace cornu
