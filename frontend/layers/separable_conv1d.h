// SeparableConv1D: a convolution of each channel over steps, then of all channels at each position.
#pragma once

#include "frontend/layers/base_separable_conv.h"

namespace cornu {

/// (batch, steps, channels) → (batch, steps, filters). depthwise_kernel (size, channels, depth_multiplier), pointwise_kernel
/// (1, channels · depth_multiplier, filters), bias (filters,).
class SeparableConv1D : public BaseSeparableConv<SeparableConv1D> {
public:
  SeparableConv1D(int64_t filters, OneOrMany<int64_t> kernel_size, SeparableConvOptions options = {}) : BaseSeparableConv(1, filters, std::move(kernel_size), std::move(options)) {}
  std::string class_name() const override { return "SeparableConv1D"; }
};

} // namespace cornu
