// Conv1DTranspose: a transposed convolution over steps.
#pragma once

#include "frontend/layers/base_conv_transpose.h"

namespace cornu {

/// (batch, steps, channels) → (batch, steps · strides, filters). kernel (size, filters, channels), bias (filters,).
class Conv1DTranspose : public BaseConvTranspose<Conv1DTranspose> {
public:
  Conv1DTranspose(int64_t filters, OneOrMany<int64_t> kernel_size, TransposedConvOptions options = {}) : BaseConvTranspose(1, filters, std::move(kernel_size), std::move(options)) {}
  std::string class_name() const override { return "Conv1DTranspose"; }
};

} // namespace cornu
