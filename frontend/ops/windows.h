// Windows that slide over spatial axes, by Keras's arithmetic. Internal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "frontend/core/one_or_many.h"
#include "frontend/core/tensor.h"

namespace cornu::ops {

/// A window along one axis of `input` elements: `size` elements of it, `dilation` apart, from -before on, then `stride` further, `output` times.
struct Sliding {
  int64_t size, stride, dilation, input, output, before;
  /// Elements from the first to the last of a window, both included.
  int64_t span() const { return (size - 1) * dilation + 1; }
};

/// One positive number for each of `rank` axes. UserError, which begins with `who`, for another count or a number below `least`.
std::vector<int64_t> perAxis(const std::string &who, const char *name, const OneOrMany<int64_t> &numbers, int64_t rank, int64_t least = 1);

/// UserError unless it is "channels_last" or "channels_first".
void checkDataFormat(const std::string &who, const std::string &format);
/// The extents between batch and channels (last), or after them (first).
Shape spatialExtents(const Shape &shape, const std::string &format);

/// Padding "valid": none; "same": ⌈input / stride⌉ windows, the odd element of padding at the end; "causal": all of it in front.
/// UserError for another word, and for windows that do not fit.
std::vector<Sliding> slide(const std::string &who, const Shape &inputs, const std::vector<int64_t> &sizes, const std::vector<int64_t> &strides,
                           const std::vector<int64_t> &dilations, const std::string &padding);

/// The letters of an image: "b01i", or "bi01" with the channels first. `channels` may be several letters.
std::string imageTerm(int64_t rank, const std::string &channels, const std::string &format);

/// x with its channels moved to the end, and y with them moved back. Both are the identity for "channels_last".
Tensor toChannelsLast(const Tensor &x, const std::string &format);
Tensor fromChannelsLast(const Tensor &y, const std::string &format);

/// Along one axis, a transposed convolution adds element p of the input times element k of the kernel at p·stride + k·dilation - before.
struct TransposedExtent {
  int64_t output, before;
};
/// As TensorFlow computes it: "valid" keeps all that is added, "same" input·stride elements, the middle ones. With `more` (output_padding) the
/// extent is (input - 1)·stride + span + more, less the padding.
TransposedExtent transposedExtent(const std::string &who, int64_t input, int64_t size, int64_t stride, int64_t dilation, const std::string &padding,
                                  std::optional<int64_t> more);

/// UserError unless it is "bilinear", "bicubic", "lanczos3" or "lanczos5".
void checkInterpolation(const std::string &who, const std::string &interpolation);
/// x with `extent` elements along an axis, interpolated between the centres of its elements; what would lie outside of x has no weight.
Tensor resampled(const Tensor &x, int64_t axis, int64_t extent, const std::string &interpolation);

} // namespace cornu::ops
