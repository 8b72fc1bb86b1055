#include "frontend/layers/depthwise_conv1d.h"
#include "frontend/layers/depthwise_conv2d.h"
#include "frontend/layers/windowed.h"

namespace cornu {

template <class Self>
BaseDepthwiseConv<Self>::BaseDepthwiseConv(int64_t rank, OneOrMany<int64_t> kernel_size, DepthwiseConvOptions options)
    : Layer<Self>(baseOf(options)), given(std::move(options)) {
  std::string who = titleOf(*this);
  size = ops::perAxis(who, "kernel_size", kernel_size, rank);
  strides = ops::perAxis(who, "strides", given.strides, rank);
  dilation = ops::perAxis(who, "dilation_rate", given.dilation_rate, rank);
  checkDataFormat(*this, given.data_format);
  checkPadding(*this, given.padding, {"valid", "same"});
  if (given.depth_multiplier < 1) this->fail("depth_multiplier must be positive", "depth_multiplier=" + std::to_string(given.depth_multiplier));
}

template <class Self> void BaseDepthwiseConv<Self>::build(const Shape &input) {
  int64_t channels = channelsOf(*this, input, given.data_format, size.size());
  Shape shape = size;
  shape.insert(shape.end(), {channels, given.depth_multiplier});
  kernel = this->add_weight("kernel", shape, {.initializer = given.depthwise_initializer, .regularizer = given.depthwise_regularizer, .constraint = given.depthwise_constraint});
  if (given.use_bias)
    bias = this->add_weight("bias", {channels * given.depth_multiplier}, {.initializer = given.bias_initializer, .regularizer = given.bias_regularizer, .constraint = given.bias_constraint});
}

template <class Self> Tensor BaseDepthwiseConv<Self>::call(const Tensor &x) {
  checkInput(*this, x, kernel.shape()[size.size()], given.data_format, size.size());
  ops::slide(titleOf(*this), ops::spatialExtents(x.shape(), given.data_format), size, strides, dilation, given.padding);
  Tensor y = depthwise_conv(x, kernel, {.strides = strides, .padding = given.padding, .data_format = given.data_format, .dilation_rate = dilation});
  return given.activation(given.use_bias ? y + alongChannels(bias, y.rank(), given.data_format) : y);
}

template <class Self> Json BaseDepthwiseConv<Self>::get_config() const {
  Json c = Layer<Self>::get_config();
  c["depth_multiplier"] = given.depth_multiplier;
  c["kernel_size"] = size;
  writeWindows(c, given, strides);
  c["dilation_rate"] = dilation;
  writeKernels(c, given);
  return c;
}

template class BaseDepthwiseConv<DepthwiseConv1D>;
template class BaseDepthwiseConv<DepthwiseConv2D>;

} // namespace cornu
