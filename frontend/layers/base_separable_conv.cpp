#include "frontend/layers/separable_conv1d.h"
#include "frontend/layers/separable_conv2d.h"
#include "frontend/layers/windowed.h"

namespace cornu {

template <class Self>
BaseSeparableConv<Self>::BaseSeparableConv(int64_t rank, int64_t filters, OneOrMany<int64_t> kernel_size, SeparableConvOptions options)
    : Layer<Self>(baseOf(options)), filters(filters), given(std::move(options)) {
  std::string who = titleOf(*this);
  if (filters < 1) this->fail("filters must be positive", "filters=" + std::to_string(filters));
  size = ops::perAxis(who, "kernel_size", kernel_size, rank);
  strides = ops::perAxis(who, "strides", given.strides, rank);
  dilation = ops::perAxis(who, "dilation_rate", given.dilation_rate, rank);
  checkDataFormat(*this, given.data_format);
  checkPadding(*this, given.padding, {"valid", "same"});
  if (given.depth_multiplier < 1) this->fail("depth_multiplier must be positive", "depth_multiplier=" + std::to_string(given.depth_multiplier));
}

template <class Self> void BaseSeparableConv<Self>::build(const Shape &input) {
  int64_t channels = channelsOf(*this, input, given.data_format, size.size());
  Shape depthwise = size, pointwise(size.size(), 1);
  depthwise.insert(depthwise.end(), {channels, given.depth_multiplier});
  pointwise.insert(pointwise.end(), {channels * given.depth_multiplier, filters});
  depthwise_kernel = this->add_weight("depthwise_kernel", depthwise, {.initializer = given.depthwise_initializer, .regularizer = given.depthwise_regularizer,
                                                                      .constraint = given.depthwise_constraint});
  pointwise_kernel = this->add_weight("pointwise_kernel", pointwise, {.initializer = given.pointwise_initializer, .regularizer = given.pointwise_regularizer,
                                                                      .constraint = given.pointwise_constraint});
  if (given.use_bias)
    bias = this->add_weight("bias", {filters}, {.initializer = given.bias_initializer, .regularizer = given.bias_regularizer, .constraint = given.bias_constraint});
}

template <class Self> Tensor BaseSeparableConv<Self>::call(const Tensor &x) {
  checkInput(*this, x, depthwise_kernel.shape()[size.size()], given.data_format, size.size());
  ops::slide(titleOf(*this), ops::spatialExtents(x.shape(), given.data_format), size, strides, dilation, given.padding);
  Tensor y = separable_conv(x, depthwise_kernel, pointwise_kernel, {.strides = strides, .padding = given.padding, .data_format = given.data_format, .dilation_rate = dilation});
  return given.activation(given.use_bias ? y + alongChannels(bias, y.rank(), given.data_format) : y);
}

template <class Self> Json BaseSeparableConv<Self>::get_config() const {
  Json c = Layer<Self>::get_config();
  c["depth_multiplier"] = given.depth_multiplier;
  c["filters"] = filters;
  c["kernel_size"] = size;
  writeWindows(c, given, strides);
  c["dilation_rate"] = dilation;
  writeKernels(c, given);
  return c;
}

template class BaseSeparableConv<SeparableConv1D>;
template class BaseSeparableConv<SeparableConv2D>;

} // namespace cornu
