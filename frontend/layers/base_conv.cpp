#include "frontend/layers/conv1d.h"
#include "frontend/layers/conv2d.h"
#include "frontend/layers/windowed.h"

namespace cornu {

template <class Self>
BaseConv<Self>::BaseConv(int64_t rank, int64_t filters, OneOrMany<int64_t> kernel_size, ConvOptions options)
    : Layer<Self>(baseOf(options)), filters(filters), given(std::move(options)) {
  std::string who = titleOf(*this);
  if (filters < 1) this->fail("filters must be positive", "filters=" + std::to_string(filters));
  size = ops::perAxis(who, "kernel_size", kernel_size, rank);
  strides = ops::perAxis(who, "strides", given.strides, rank);
  dilation = ops::perAxis(who, "dilation_rate", given.dilation_rate, rank);
  checkDataFormat(*this, given.data_format);
  rank == 1 ? checkPadding(*this, given.padding, {"valid", "same", "causal"}) : checkPadding(*this, given.padding, {"valid", "same"});
  refuseStridesWithDilation(*this, strides, dilation);
  if (given.groups < 1 || filters % given.groups)
    this->fail("groups must be positive and divide filters", "groups=" + std::to_string(given.groups) + ", filters=" + std::to_string(filters));
}

template <class Self> void BaseConv<Self>::build(const Shape &input) {
  int64_t channels = channelsOf(*this, input, given.data_format, size.size());
  if (channels % given.groups)
    this->fail("groups must divide the channels of the input", "groups=" + std::to_string(given.groups) + ", shape=" + shapeString(input));
  Shape shape = size;
  shape.insert(shape.end(), {channels / given.groups, filters});
  kernel = this->add_weight("kernel", shape, {.initializer = given.kernel_initializer, .regularizer = given.kernel_regularizer, .constraint = given.kernel_constraint});
  if (given.use_bias)
    bias = this->add_weight("bias", {filters}, {.initializer = given.bias_initializer, .regularizer = given.bias_regularizer, .constraint = given.bias_constraint});
}

template <class Self> Tensor BaseConv<Self>::call(const Tensor &x) {
  checkInput(*this, x, kernel.shape()[size.size()] * given.groups, given.data_format, size.size());
  ops::slide(titleOf(*this), ops::spatialExtents(x.shape(), given.data_format), size, strides, dilation, given.padding);
  Tensor y = conv(x, kernel, {.strides = strides, .padding = given.padding, .data_format = given.data_format, .dilation_rate = dilation});
  return given.activation(given.use_bias ? y + alongChannels(bias, y.rank(), given.data_format) : y);
}

template <class Self> Json BaseConv<Self>::get_config() const {
  Json c = Layer<Self>::get_config();
  c["filters"] = filters;
  c["kernel_size"] = size;
  writeWindows(c, given, strides);
  c["dilation_rate"] = dilation;
  c["groups"] = given.groups;
  writeKernels(c, given);
  return c;
}

template class BaseConv<Conv1D>;
template class BaseConv<Conv2D>;

} // namespace cornu
