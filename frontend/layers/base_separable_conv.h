// What SeparableConv1D and SeparableConv2D share.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct SeparableConvOptions {
  OneOrMany<int64_t> strides = 1;
  std::string padding = "valid";               ///< "valid" or "same"
  int64_t depth_multiplier = 1;                ///< output channels of each input channel
  std::string data_format = "channels_last";   ///< or "channels_first"
  OneOrMany<int64_t> dilation_rate = 1;
  ActivationFunction activation = {};
  bool use_bias = true;
  Initializer depthwise_initializer = "glorot_uniform";
  Initializer pointwise_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer depthwise_regularizer = {};
  Regularizer pointwise_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint depthwise_constraint = {};
  Constraint pointwise_constraint = {};
  Constraint bias_constraint = {};
  CORNU_COMMON_OPTIONS;
};

/// activation(each channel of x convolved by itself, then all of them mixed at each position, plus bias). depthwise_kernel (size…, channels,
/// depth_multiplier), pointwise_kernel (1…, channels·depth_multiplier, filters).
template <class Self> class BaseSeparableConv : public Layer<Self> {
public:
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  int64_t filters;
  Variable depthwise_kernel, pointwise_kernel, bias;

protected:
  BaseSeparableConv(int64_t rank, int64_t filters, OneOrMany<int64_t> kernel_size, SeparableConvOptions options);

private:
  std::vector<int64_t> size, strides, dilation;
  SeparableConvOptions given;
};

} // namespace cornu
