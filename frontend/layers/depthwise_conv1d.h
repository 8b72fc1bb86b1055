// DepthwiseConv1D: a convolution of each channel over steps.
#pragma once

#include "frontend/layers/base_depthwise_conv.h"

namespace cornu {

/// (batch, steps, channels) → (batch, steps, channels · depth_multiplier). kernel (size, channels, depth_multiplier), bias as long as the
/// output has channels.
class DepthwiseConv1D : public BaseDepthwiseConv<DepthwiseConv1D> {
public:
  explicit DepthwiseConv1D(OneOrMany<int64_t> kernel_size, DepthwiseConvOptions options = {}) : BaseDepthwiseConv(1, std::move(kernel_size), std::move(options)) {}
  std::string class_name() const override { return "DepthwiseConv1D"; }
};

} // namespace cornu
