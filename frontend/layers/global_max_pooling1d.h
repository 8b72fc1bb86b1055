// GlobalMaxPooling1D: the largest number of each channel.
#pragma once

#include "frontend/layers/base_global_pooling.h"

namespace cornu {

/// (batch, steps, channels) → (batch, channels); equal elements share the gradient.
class GlobalMaxPooling1D : public BaseGlobalPooling<GlobalMaxPooling1D> {
public:
  explicit GlobalMaxPooling1D(GlobalPoolingOptions options = {}) : BaseGlobalPooling(1, std::move(options)) {}
  std::string class_name() const override { return "GlobalMaxPooling1D"; }
  Tensor call(const Tensor &x) { return max(x, axesFor(x), {.keepdims = given.keepdims}); }
};

} // namespace cornu
