// Conv1D: a convolution over steps.
#pragma once

#include "frontend/layers/base_conv.h"

namespace cornu {

/// (batch, steps, channels) → (batch, steps, filters); channels_first moves the channels behind the batch. kernel (size, channels / groups, filters),
/// bias (filters,).
class Conv1D : public BaseConv<Conv1D> {
public:
  Conv1D(int64_t filters, OneOrMany<int64_t> kernel_size, ConvOptions options = {}) : BaseConv(1, filters, std::move(kernel_size), std::move(options)) {}
  std::string class_name() const override { return "Conv1D"; }
};

} // namespace cornu
