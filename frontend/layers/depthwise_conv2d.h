// DepthwiseConv2D: a convolution of each channel over rows and columns.
#pragma once

#include "frontend/layers/base_depthwise_conv.h"

namespace cornu {

/// (batch, rows, columns, channels) → (batch, rows, columns, channels · depth_multiplier). kernel (height, width, channels, depth_multiplier), bias as long as the
/// output has channels.
class DepthwiseConv2D : public BaseDepthwiseConv<DepthwiseConv2D> {
public:
  explicit DepthwiseConv2D(OneOrMany<int64_t> kernel_size, DepthwiseConvOptions options = {}) : BaseDepthwiseConv(2, std::move(kernel_size), std::move(options)) {}
  std::string class_name() const override { return "DepthwiseConv2D"; }
};

} // namespace cornu
