// GlobalMaxPooling2D: the largest number of each channel.
#pragma once

#include "frontend/layers/base_global_pooling.h"

namespace cornu {

/// (batch, rows, columns, channels) → (batch, channels); equal elements share the gradient.
class GlobalMaxPooling2D : public BaseGlobalPooling<GlobalMaxPooling2D> {
public:
  explicit GlobalMaxPooling2D(GlobalPoolingOptions options = {}) : BaseGlobalPooling(2, std::move(options)) {}
  std::string class_name() const override { return "GlobalMaxPooling2D"; }
  Tensor call(const Tensor &x) { return max(x, axesFor(x), {.keepdims = given.keepdims}); }
};

} // namespace cornu
