// GlobalAveragePooling2D: the mean of each channel.
#pragma once

#include "frontend/layers/base_global_pooling.h"

namespace cornu {

/// (batch, rows, columns, channels) → (batch, channels).
class GlobalAveragePooling2D : public BaseGlobalPooling<GlobalAveragePooling2D> {
public:
  explicit GlobalAveragePooling2D(GlobalPoolingOptions options = {}) : BaseGlobalPooling(2, std::move(options)) {}
  std::string class_name() const override { return "GlobalAveragePooling2D"; }
  Tensor call(const Tensor &x) { return mean(x, axesFor(x), {.keepdims = given.keepdims}); }
};

} // namespace cornu
