// What Conv1DTranspose and Conv2DTranspose share.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct TransposedConvOptions {
  OneOrMany<int64_t> strides = 1;
  std::string padding = "valid";               ///< "valid" or "same"
  std::optional<OneOrMany<int64_t>> output_padding = {};   ///< less than strides: decides which of the possible extents the output has
  std::string data_format = "channels_last";   ///< or "channels_first"
  OneOrMany<int64_t> dilation_rate = 1;        ///< with strides of 1 only
  ActivationFunction activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  CORNU_COMMON_OPTIONS;
};

/// activation(the gradient of a convolution with respect to its input, at x, plus bias): each element of x adds a copy of the kernel to the output,
/// `strides` further than the one before. kernel (size…, filters, channels).
template <class Self> class BaseConvTranspose : public Layer<Self> {
public:
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  int64_t filters;
  Variable kernel, bias;

protected:
  BaseConvTranspose(int64_t rank, int64_t filters, OneOrMany<int64_t> kernel_size, TransposedConvOptions options);

private:
  std::vector<int64_t> size, strides, dilation, more;
  TransposedConvOptions given;
};

} // namespace cornu
