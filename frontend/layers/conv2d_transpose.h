// Conv2DTranspose: a transposed convolution over rows and columns.
#pragma once

#include "frontend/layers/base_conv_transpose.h"

namespace cornu {

/// (batch, rows, columns, channels) → (batch, rows, columns · strides, filters). kernel (height, width, filters, channels), bias (filters,).
class Conv2DTranspose : public BaseConvTranspose<Conv2DTranspose> {
public:
  Conv2DTranspose(int64_t filters, OneOrMany<int64_t> kernel_size, TransposedConvOptions options = {}) : BaseConvTranspose(2, filters, std::move(kernel_size), std::move(options)) {}
  std::string class_name() const override { return "Conv2DTranspose"; }
};

} // namespace cornu
