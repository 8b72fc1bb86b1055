#include "frontend/layers/conv1d_transpose.h"
#include "frontend/layers/conv2d_transpose.h"
#include "frontend/layers/windowed.h"

namespace cornu {

template <class Self>
BaseConvTranspose<Self>::BaseConvTranspose(int64_t rank, int64_t filters, OneOrMany<int64_t> kernel_size, TransposedConvOptions options)
    : Layer<Self>(baseOf(options)), filters(filters), given(std::move(options)) {
  std::string who = titleOf(*this);
  if (filters < 1) this->fail("filters must be positive", "filters=" + std::to_string(filters));
  size = ops::perAxis(who, "kernel_size", kernel_size, rank);
  strides = ops::perAxis(who, "strides", given.strides, rank);
  dilation = ops::perAxis(who, "dilation_rate", given.dilation_rate, rank);
  if (given.output_padding) more = ops::perAxis(who, "output_padding", *given.output_padding, rank, 0);
  checkDataFormat(*this, given.data_format);
  checkPadding(*this, given.padding, {"valid", "same"});
  refuseStridesWithDilation(*this, strides, dilation);
  for (size_t i = 0; i < more.size(); ++i)
    if (more[i] >= strides[i]) this->fail("output_padding must be less than strides", "output_padding=" + shapeString(more) + ", strides=" + shapeString(strides));
}

template <class Self> void BaseConvTranspose<Self>::build(const Shape &input) {
  int64_t channels = channelsOf(*this, input, given.data_format, size.size());
  Shape shape = size;
  shape.insert(shape.end(), {filters, channels});
  kernel = this->add_weight("kernel", shape, {.initializer = given.kernel_initializer, .regularizer = given.kernel_regularizer, .constraint = given.kernel_constraint});
  if (given.use_bias)
    bias = this->add_weight("bias", {filters}, {.initializer = given.bias_initializer, .regularizer = given.bias_regularizer, .constraint = given.bias_constraint});
}

template <class Self> Tensor BaseConvTranspose<Self>::call(const Tensor &x) {
  checkInput(*this, x, kernel.shape().back(), given.data_format, size.size());
  Shape extents = ops::spatialExtents(x.shape(), given.data_format);
  for (size_t i = 0; i < extents.size(); ++i)
    ops::transposedExtent(titleOf(*this), extents[i], size[i], strides[i], dilation[i], given.padding, more.empty() ? std::nullopt : std::optional(more[i]));
  ConvTransposeOptions options{.strides = strides, .padding = given.padding, .data_format = given.data_format, .dilation_rate = dilation};
  if (!more.empty()) options.output_padding = more;
  Tensor y = conv_transpose(x, kernel, options);
  return given.activation(given.use_bias ? y + alongChannels(bias, y.rank(), given.data_format) : y);
}

template <class Self> Json BaseConvTranspose<Self>::get_config() const {
  Json c = Layer<Self>::get_config();
  c["filters"] = filters;
  c["kernel_size"] = size;
  c["strides"] = strides;
  c["padding"] = given.padding;
  c["output_padding"] = more.empty() ? Json() : Json(more);
  c["data_format"] = given.data_format;
  c["dilation_rate"] = dilation;
  writeKernels(c, given);
  return c;
}

template class BaseConvTranspose<Conv1DTranspose>;
template class BaseConvTranspose<Conv2DTranspose>;

} // namespace cornu
