// What layers with windows over images share: checks, and their part of the config. Internal to frontend/layers.
#pragma once

#include "frontend/layers/edges.h"
#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"
#include "frontend/ops/windows.h"

namespace cornu {

/// "Conv2D 'conv1'": how messages begin.
inline std::string titleOf(const BaseLayer &layer) { return layer.class_name() + " '" + layer.name() + "'"; }

void checkDataFormat(const BaseLayer &layer, const std::string &format);
/// One of the paddings that the layer knows.
void checkPadding(const BaseLayer &layer, const std::string &padding, std::initializer_list<const char *> known);
/// Keras computes windows that jump over elements and over positions only in depthwise layers.
void refuseStridesWithDilation(const BaseLayer &layer, const std::vector<int64_t> &strides, const std::vector<int64_t> &dilation);
/// The channels of an input of `rank` spatial axes; fails for another rank.
int64_t channelsOf(const BaseLayer &layer, const Shape &input, const std::string &format, size_t rank);
/// Fails unless x has the rank and the channels that the layer was built for.
void checkInput(const BaseLayer &layer, const Tensor &x, int64_t channels, const std::string &format, size_t rank);
/// One number a channel, so that it broadcasts against an image of `rank` axes.
Tensor alongChannels(const Tensor &numbers, int64_t rank, const std::string &format);

/// Fails unless there are numbers for all axes, none negative. `forms`: the ways in which they may be given.
void checkEdges(const BaseLayer &layer, const char *name, const std::vector<std::array<int64_t, 2>> &edges, const char *forms);
/// [before, after] of one axis, or a list of such pairs.
Json writeEdges(const std::vector<std::array<int64_t, 2>> &edges);

/// strides, padding, data_format.
template <class O> void writeWindows(Json &c, const O &o, const std::vector<int64_t> &strides) {
  c["strides"] = strides;
  c["padding"] = o.padding;
  c["data_format"] = o.data_format;
}
template <class O> void readWindows(O &o, const Json &c) {
  if (const Json &strides = c.get("strides"); !strides.isNull()) o.strides = OneOrMany<int64_t>::from(strides);
  o.padding = config::text(c, "padding", "valid");
  o.data_format = config::text(c, "data_format", "channels_last");
  if constexpr (requires { o.dilation_rate; })
    if (const Json &dilation = c.get("dilation_rate"); !dilation.isNull()) o.dilation_rate = OneOrMany<int64_t>::from(dilation);
}

/// activation, use_bias, and initializers, regularizers and constraints of the kernels (by prefix) and of the bias, in Keras's order.
template <class O> void writeKernels(Json &c, const O &o) {
  c["activation"] = config::serialize(o.activation);
  c["use_bias"] = o.use_bias;
  if constexpr (requires { o.kernel_initializer; }) c["kernel_initializer"] = config::serialize(o.kernel_initializer);
  if constexpr (requires { o.depthwise_initializer; }) c["depthwise_initializer"] = config::serialize(o.depthwise_initializer);
  if constexpr (requires { o.pointwise_initializer; }) c["pointwise_initializer"] = config::serialize(o.pointwise_initializer);
  c["bias_initializer"] = config::serialize(o.bias_initializer);
  if constexpr (requires { o.kernel_regularizer; }) c["kernel_regularizer"] = config::serialize(o.kernel_regularizer);
  if constexpr (requires { o.depthwise_regularizer; }) c["depthwise_regularizer"] = config::serialize(o.depthwise_regularizer);
  if constexpr (requires { o.pointwise_regularizer; }) c["pointwise_regularizer"] = config::serialize(o.pointwise_regularizer);
  c["bias_regularizer"] = config::serialize(o.bias_regularizer);
  c["activity_regularizer"] = config::serialize(o.activity_regularizer);
  if constexpr (requires { o.kernel_constraint; }) c["kernel_constraint"] = config::serialize(o.kernel_constraint);
  if constexpr (requires { o.depthwise_constraint; }) c["depthwise_constraint"] = config::serialize(o.depthwise_constraint);
  if constexpr (requires { o.pointwise_constraint; }) c["pointwise_constraint"] = config::serialize(o.pointwise_constraint);
  c["bias_constraint"] = config::serialize(o.bias_constraint);
}
template <class O> void readKernels(O &o, const Json &c) {
  o.activation = config::activation(c, "activation");
  o.use_bias = config::flag(c, "use_bias", true);
  auto read = [&](const std::string &prefix, Initializer &initializer, Regularizer &regularizer, Constraint &constraint) {
    initializer = config::initializer(c, (prefix + "_initializer").c_str(), initializer);
    regularizer = config::regularizer(c, (prefix + "_regularizer").c_str());
    constraint = config::constraint(c, (prefix + "_constraint").c_str());
  };
  if constexpr (requires { o.kernel_initializer; }) read("kernel", o.kernel_initializer, o.kernel_regularizer, o.kernel_constraint);
  if constexpr (requires { o.depthwise_initializer; }) read("depthwise", o.depthwise_initializer, o.depthwise_regularizer, o.depthwise_constraint);
  if constexpr (requires { o.pointwise_initializer; }) read("pointwise", o.pointwise_initializer, o.pointwise_regularizer, o.pointwise_constraint);
  read("bias", o.bias_initializer, o.bias_regularizer, o.bias_constraint);
}

/// All of a convolution's options but those of its own.
template <class O> O convolutionFrom(const Json &c) {
  for (const char *unsupported : {"lora_rank", "quantization_config"})
    if (!c.get(unsupported).isNull()) throw UserError(std::string("a convolution's ") + unsupported + " must be null", c.get(unsupported).dump());
  O options;
  readWindows(options, c);
  readKernels(options, c);
  return withBase(options, c);
}

} // namespace cornu
