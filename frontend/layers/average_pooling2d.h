// AveragePooling2D: the mean of each window of rows and columns.
#pragma once

#include "frontend/layers/base_pooling.h"

namespace cornu {

/// (batch, rows, columns, channels) → the same with fewer rows and columns. What padding adds does not count.
class AveragePooling2D : public BasePooling<AveragePooling2D> {
public:
  explicit AveragePooling2D(OneOrMany<int64_t> pool_size, PoolingOptions options = {}) : BasePooling(2, std::move(pool_size), std::move(options)) {}
  std::string class_name() const override { return "AveragePooling2D"; }
  Tensor call(const Tensor &x) { return average_pool(x, size, windowsFor(x)); }
};

} // namespace cornu
