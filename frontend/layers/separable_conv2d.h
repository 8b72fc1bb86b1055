// SeparableConv2D: a convolution of each channel over rows and columns, then of all channels at each position.
#pragma once

#include "frontend/layers/base_separable_conv.h"

namespace cornu {

/// (batch, rows, columns, channels) → (batch, rows, columns, filters). depthwise_kernel (height, width, channels, depth_multiplier), pointwise_kernel
/// (1, 1, channels · depth_multiplier, filters), bias (filters,).
class SeparableConv2D : public BaseSeparableConv<SeparableConv2D> {
public:
  SeparableConv2D(int64_t filters, OneOrMany<int64_t> kernel_size, SeparableConvOptions options = {}) : BaseSeparableConv(2, filters, std::move(kernel_size), std::move(options)) {}
  std::string class_name() const override { return "SeparableConv2D"; }
};

} // namespace cornu
