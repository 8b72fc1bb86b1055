// GlobalAveragePooling1D: the mean of each channel.
#pragma once

#include "frontend/layers/base_global_pooling.h"

namespace cornu {

/// (batch, steps, channels) → (batch, channels).
class GlobalAveragePooling1D : public BaseGlobalPooling<GlobalAveragePooling1D> {
public:
  explicit GlobalAveragePooling1D(GlobalPoolingOptions options = {}) : BaseGlobalPooling(1, std::move(options)) {}
  std::string class_name() const override { return "GlobalAveragePooling1D"; }
  Tensor call(const Tensor &x) { return mean(x, axesFor(x), {.keepdims = given.keepdims}); }
};

} // namespace cornu
