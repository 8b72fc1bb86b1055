// Conv2D: a convolution over rows and columns.
#pragma once

#include "frontend/layers/base_conv.h"

namespace cornu {

/// (batch, rows, columns, channels) → (batch, rows, columns, filters); channels_first moves the channels behind the batch. kernel (height, width, channels / groups, filters),
/// bias (filters,).
class Conv2D : public BaseConv<Conv2D> {
public:
  Conv2D(int64_t filters, OneOrMany<int64_t> kernel_size, ConvOptions options = {}) : BaseConv(2, filters, std::move(kernel_size), std::move(options)) {}
  std::string class_name() const override { return "Conv2D"; }
};

} // namespace cornu
