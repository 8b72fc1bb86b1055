#include "frontend/ops/windows.h"

#include <algorithm>
#include <numeric>

#include "frontend/ops/ops.h"

namespace cornu::ops {

std::vector<int64_t> perAxis(const std::string &who, const char *name, const OneOrMany<int64_t> &numbers, int64_t rank, int64_t least) {
  std::vector<int64_t> list = numbers.list();
  auto fail = [&](const std::string &rule) {
    std::string received;
    for (int64_t n : list) received += (received.empty() ? "" : ", ") + std::to_string(n);
    throw UserError(who + ": " + name + " " + rule, std::string(name) + "=" + (numbers.isSingle() ? received : "(" + received + ")"));
  };
  if (numbers.isSingle()) list.resize(static_cast<size_t>(rank), list.front());
  if (static_cast<int64_t>(list.size()) != rank) fail("must be one integer, or " + std::to_string(rank) + " of them");
  for (int64_t n : list)
    if (n < least) fail(least == 1 ? "must be positive" : "must be at least " + std::to_string(least));
  return list;
}

void checkDataFormat(const std::string &who, const std::string &format) {
  if (format != "channels_last" && format != "channels_first")
    throw UserError(who + ": data_format must be 'channels_last' or 'channels_first'", "data_format='" + format + "'");
}

Shape spatialExtents(const Shape &shape, const std::string &format) {
  bool last = format == "channels_last";
  return Shape(shape.begin() + (last ? 1 : 2), shape.end() - (last ? 1 : 0));
}

std::vector<Sliding> slide(const std::string &who, const Shape &inputs, const std::vector<int64_t> &sizes, const std::vector<int64_t> &strides,
                           const std::vector<int64_t> &dilations, const std::string &padding) {
  if (padding != "valid" && padding != "same" && padding != "causal")
    throw UserError(who + ": padding must be 'valid', 'same' or (in one dimension) 'causal'", "padding='" + padding + "'");
  std::vector<Sliding> windows;
  for (size_t i = 0; i < inputs.size(); ++i) {
    Sliding w{sizes[i], strides[i], dilations[i], inputs[i], 0, 0};
    if (padding == "valid") {
      w.output = w.input < w.span() ? 0 : (w.input - w.span()) / w.stride + 1;
    } else {
      w.output = (w.input + w.stride - 1) / w.stride;
      w.before = padding == "causal" ? w.span() - 1 : std::max<int64_t>((w.output - 1) * w.stride + w.span() - w.input, 0) / 2;
    }
    if (w.output < 1)
      throw UserError(who + ": the window must fit into the input",
                      "a window of " + std::to_string(w.span()) + " over axis " + std::to_string(i) + " of the spatial extents " + shapeString(inputs));
    windows.push_back(w);
  }
  return windows;
}

std::string imageTerm(int64_t rank, const std::string &channels, const std::string &format) {
  std::string spatial = std::string("0123456789").substr(0, static_cast<size_t>(rank));
  return format == "channels_last" ? "b" + spatial + channels : "b" + channels + spatial;
}

Tensor toChannelsLast(const Tensor &x, const std::string &format) {
  if (format == "channels_last") return x;
  std::vector<int64_t> axes(static_cast<size_t>(x.rank()));
  std::iota(axes.begin(), axes.end(), 0);
  std::rotate(axes.begin() + 1, axes.begin() + 2, axes.end());
  return transpose(x, axes);
}

Tensor fromChannelsLast(const Tensor &y, const std::string &format) {
  if (format == "channels_last") return y;
  std::vector<int64_t> axes(static_cast<size_t>(y.rank()));
  std::iota(axes.begin(), axes.end(), 0);
  std::rotate(axes.begin() + 1, axes.end() - 1, axes.end());
  return transpose(y, axes);
}

TransposedExtent transposedExtent(const std::string &who, int64_t input, int64_t size, int64_t stride, int64_t dilation, const std::string &padding,
                                  std::optional<int64_t> more) {
  int64_t span = (size - 1) * dilation + 1;
  if (padding == "valid") return {(input - 1) * stride + (more ? span + *more : std::max(span, stride)), 0};
  if (padding != "same") throw UserError(who + ": padding must be 'valid' or 'same'", "padding='" + padding + "'");
  if (!more) return {input * stride, std::max<int64_t>(span - stride, 0) / 2};
  int64_t output = (input - 1) * stride + span % 2 + *more, total = span + span % 2 - 2 + *more;
  if (total < 0 || output < 1 || (span % 2 == 0 && *more == 0))
    throw UserError(who + ": with padding='same' and a window of even length output_padding must be positive", "output_padding=" + std::to_string(*more));
  return {output, span - 1 - std::min((total + 1) / 2, span - 1)};
}

} // namespace cornu::ops
