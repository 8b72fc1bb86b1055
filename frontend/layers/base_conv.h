// What Conv1D and Conv2D share.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct ConvOptions {
  OneOrMany<int64_t> strides = 1;
  std::string padding = "valid";               ///< "valid", "same", and in one dimension "causal"
  std::string data_format = "channels_last";   ///< or "channels_first"
  OneOrMany<int64_t> dilation_rate = 1;        ///< with strides of 1 only
  int64_t groups = 1;                          ///< divides channels and filters; each group of filters sees its group of channels
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

/// activation(convolution of x with the kernel, plus bias). No flipping of the kernel.
template <class Self> class BaseConv : public Layer<Self> {
public:
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  int64_t filters;
  Variable kernel, bias;

protected:
  BaseConv(int64_t rank, int64_t filters, OneOrMany<int64_t> kernel_size, ConvOptions options);

private:
  std::vector<int64_t> size, strides, dilation;
  ConvOptions given;
};

} // namespace cornu
