// MaxPooling2D: the largest number of each window of rows and columns.
#pragma once

#include "frontend/layers/base_pooling.h"

namespace cornu {

/// (batch, rows, columns, channels) → the same with fewer rows and columns. Of equal elements the first gets the gradient.
class MaxPooling2D : public BasePooling<MaxPooling2D> {
public:
  explicit MaxPooling2D(OneOrMany<int64_t> pool_size = 2, PoolingOptions options = {}) : BasePooling(2, std::move(pool_size), std::move(options)) {}
  std::string class_name() const override { return "MaxPooling2D"; }
  Tensor call(const Tensor &x) { return max_pool(x, size, windowsFor(x)); }
};

} // namespace cornu
