// AveragePooling1D: the mean of each window of steps.
#pragma once

#include "frontend/layers/base_pooling.h"

namespace cornu {

/// (batch, steps, channels) → the same with fewer steps. What padding adds does not count.
class AveragePooling1D : public BasePooling<AveragePooling1D> {
public:
  explicit AveragePooling1D(OneOrMany<int64_t> pool_size, PoolingOptions options = {}) : BasePooling(1, std::move(pool_size), std::move(options)) {}
  std::string class_name() const override { return "AveragePooling1D"; }
  Tensor call(const Tensor &x) { return average_pool(x, size, windowsFor(x)); }
};

} // namespace cornu
