// What DepthwiseConv1D and DepthwiseConv2D share.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct DepthwiseConvOptions {
  OneOrMany<int64_t> strides = 1;
  std::string padding = "valid";               ///< "valid" or "same"
  int64_t depth_multiplier = 1;                ///< output channels of each input channel
  std::string data_format = "channels_last";   ///< or "channels_first"
  OneOrMany<int64_t> dilation_rate = 1;
  ActivationFunction activation = {};
  bool use_bias = true;
  Initializer depthwise_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer depthwise_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint depthwise_constraint = {};
  Constraint bias_constraint = {};
  CORNU_COMMON_OPTIONS;
};

/// activation(each channel of x convolved by itself, plus bias). Output channel c·depth_multiplier + m is the m-th of channel c.
/// kernel (size…, channels, depth_multiplier).
template <class Self> class BaseDepthwiseConv : public Layer<Self> {
public:
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  Variable kernel, bias;

protected:
  BaseDepthwiseConv(int64_t rank, OneOrMany<int64_t> kernel_size, DepthwiseConvOptions options);

private:
  std::vector<int64_t> size, strides, dilation;
  DepthwiseConvOptions given;
};

} // namespace cornu
