// Convolutions: each is the one op of the dialect, with its relation between positions.
#include "frontend/ops/emit.h"
#include "frontend/ops/windows.h"

namespace cornu {
using namespace ops;

namespace {

/// Letters for the kernel's spatial axes.
std::string digits(size_t rank) { return std::string("0123456789").substr(0, rank); }

Json configOf(const OneOrMany<int64_t> &strides, const std::string &padding, const std::string &format, const OneOrMany<int64_t> &dilation) {
  return Json::object({{"strides", strides.json()}, {"padding", padding}, {"data_format", format}, {"dilation_rate", dilation.json()}});
}

/// What images and kernels share: a batch, channels and 1 to 3 spatial axes. Returns the number of the latter.
int64_t spatialRank(const std::string &who, const Tensor &x, const Tensor &kernel, const std::string &format) {
  checkDataFormat(who, format);
  int64_t rank = x.rank() - 2;
  if (rank < 1 || rank > 3 || kernel.rank() != rank + 2)
    throw UserError(who + ": the input must have a batch, channels and 1 to 3 spatial axes, and the kernel as many axes",
                    "shapes " + shapeString(x.shape()) + " and " + shapeString(kernel.shape()));
  return rank;
}

int64_t channelsOf(const Tensor &x, const std::string &format) { return x.dim(format == "channels_last" ? -1 : 1); }

/// `shape` with its channels, at `axis`, as `parts`.
Shape withChannels(Shape shape, size_t axis, const Shape &parts) {
  shape.erase(shape.begin() + static_cast<int64_t>(axis));
  shape.insert(shape.begin() + static_cast<int64_t>(axis), parts.begin(), parts.end());
  return shape;
}

/// Emits the op. `result`: the extents of y in the order of its term.
Tensor convolve(const std::string &equation, const Tensor &x, const Tensor &kernel, const std::vector<ir::Window> &windows, Shape result) {
  ir::ExprBuilder e = expressions();
  DType type = promote(x, kernel);
  for (int64_t &extent : result)
    if (extent < 0) extent = mlir::ShapedType::kDynamic;
  return wrap(ir::convolution(equation, e(valueAs(x, type)), e(valueAs(kernel, type)), windows, result));
}

Shape sizesOf(const Tensor &kernel) { return Shape(kernel.shape().begin(), kernel.shape().end() - 2); }

std::vector<ir::Window> windowsOf(const std::vector<Sliding> &slides) {
  std::vector<ir::Window> windows;
  for (const Sliding &s : slides) windows.push_back({s.stride, s.dilation, -s.before, 1});
  return windows;
}

/// (batch, outputs…, channels), or with the channels first.
Shape imageShape(const Tensor &x, const std::vector<int64_t> &outputs, const Shape &channels, const std::string &format) {
  Shape shape = {x.dim(0)};
  bool last = format == "channels_last";
  if (!last) shape.insert(shape.end(), channels.begin(), channels.end());
  shape.insert(shape.end(), outputs.begin(), outputs.end());
  if (last) shape.insert(shape.end(), channels.begin(), channels.end());
  return shape;
}

std::vector<int64_t> outputsOf(const std::vector<Sliding> &slides) {
  std::vector<int64_t> outputs;
  for (const Sliding &s : slides) outputs.push_back(s.output);
  return outputs;
}

} // namespace

Tensor conv(const Tensor &inputs, const Tensor &kernel, ConvolveOptions options) {
  return op("Conv", {inputs, kernel}, [=](const Tensors &xs) {
    const Tensor &x = xs[0], &w = xs[1];
    int64_t rank = spatialRank("conv", x, w, options.data_format);
    int64_t channels = channelsOf(x, options.data_format), perGroup = w.dim(-2), filters = w.dim(-1), groups = channels / std::max<int64_t>(perGroup, 1);
    if (groups < 1 || channels % perGroup || filters % groups)
      throw UserError("conv: the channels must be a multiple of those of the kernel, and the filters of the groups that makes",
                      "shapes " + shapeString(x.shape()) + " and " + shapeString(w.shape()));
    std::vector<Sliding> slides = slide("conv", spatialExtents(x.shape(), options.data_format), sizesOf(w), perAxis("conv", "strides", options.strides, rank),
                                        perAxis("conv", "dilation_rate", options.dilation_rate, rank), options.padding);
    std::string spatial = digits(slides.size());
    auto term = [&](const char *letters) { return imageTerm(rank, letters, options.data_format); };
    Shape result = imageShape(x, outputsOf(slides), {filters}, options.data_format);
    if (groups == 1) return convolve(term("i") + "," + spatial + "io->" + term("o"), x, w, windowsOf(slides), result);
    // Groups are a dimension of their own, in front of the channels of each.
    size_t axis = options.data_format == "channels_last" ? x.shape().size() - 1 : 1;
    Tensor grouped = reshape(x, withChannels(x.shape(), axis, {groups, perGroup}));
    Tensor kernels = reshape(w, withChannels(w.shape(), w.shape().size() - 1, {groups, filters / groups}));
    Tensor y = convolve(term("gi") + "," + spatial + "igo->" + term("go"), grouped, kernels, windowsOf(slides),
                        withChannels(result, axis, {groups, filters / groups}));
    return reshape(y, result);
  }, configOf(options.strides, options.padding, options.data_format, options.dilation_rate));
}

Tensor depthwise_conv(const Tensor &inputs, const Tensor &kernel, ConvolveOptions options) {
  return op("DepthwiseConv", {inputs, kernel}, [=](const Tensors &xs) {
    const Tensor &w = xs[1];
    int64_t rank = spatialRank("depthwise_conv", xs[0], w, options.data_format), channels = channelsOf(xs[0], options.data_format), multiplier = w.dim(-1);
    if (w.dim(-2) != channels)
      throw UserError("depthwise_conv: the kernel must have the input's channels", "shapes " + shapeString(xs[0].shape()) + " and " + shapeString(w.shape()));
    // Vectors run along channels.
    Tensor x = toChannelsLast(xs[0], options.data_format);
    std::vector<Sliding> slides = slide("depthwise_conv", spatialExtents(x.shape(), "channels_last"), sizesOf(w),
                                        perAxis("depthwise_conv", "strides", options.strides, rank),
                                        perAxis("depthwise_conv", "dilation_rate", options.dilation_rate, rank), options.padding);
    std::string spatial = digits(slides.size());
    Tensor y = convolve("b" + spatial + "c," + spatial + "cm->b" + spatial + "cm", x, w, windowsOf(slides),
                        imageShape(x, outputsOf(slides), {channels, multiplier}, "channels_last"));
    y = reshape(y, imageShape(x, outputsOf(slides), {channels * multiplier}, "channels_last"));
    return fromChannelsLast(y, options.data_format);
  }, configOf(options.strides, options.padding, options.data_format, options.dilation_rate));
}

Tensor separable_conv(const Tensor &inputs, const Tensor &depthwise_kernel, const Tensor &pointwise_kernel, ConvolveOptions options) {
  return conv(depthwise_conv(inputs, depthwise_kernel, options), pointwise_kernel, {.data_format = options.data_format});
}

Tensor conv_transpose(const Tensor &inputs, const Tensor &kernel, ConvTransposeOptions options) {
  Json config = configOf(options.strides, options.padding, options.data_format, options.dilation_rate);
  config["output_padding"] = options.output_padding ? options.output_padding->json() : Json();
  return op("ConvTranspose", {inputs, kernel}, [=](const Tensors &xs) {
    const Tensor &x = xs[0], &w = xs[1];
    const char *who = "conv_transpose";
    int64_t rank = spatialRank(who, x, w, options.data_format);
    if (w.dim(-1) != channelsOf(x, options.data_format))
      throw UserError("conv_transpose: the kernel's last axis must be the input's channels", "shapes " + shapeString(x.shape()) + " and " + shapeString(w.shape()));
    std::vector<int64_t> strides = perAxis(who, "strides", options.strides, rank), dilations = perAxis(who, "dilation_rate", options.dilation_rate, rank);
    std::vector<int64_t> more;
    if (options.output_padding) more = perAxis(who, "output_padding", *options.output_padding, rank, 0);
    Shape extents = spatialExtents(x.shape(), options.data_format), outputs;
    std::vector<ir::Window> windows;
    for (size_t i = 0; i < extents.size(); ++i) {
      TransposedExtent t = transposedExtent(who, extents[i], w.dim(static_cast<int64_t>(i)), strides[i], dilations[i], options.padding,
                                            more.empty() ? std::nullopt : std::optional(more[i]));
      outputs.push_back(t.output);
      // Element p of x times element k of the kernel is added at p·stride + k·dilation - before.
      windows.push_back({1, -dilations[i], t.before, strides[i]});
    }
    std::string spatial = digits(extents.size());
    auto term = [&](const char *letter) { return imageTerm(rank, letter, options.data_format); };
    return convolve(term("i") + "," + spatial + "oi->" + term("o"), x, w, windows, imageShape(x, outputs, {w.dim(-2)}, options.data_format));
  }, config);
}

} // namespace cornu
