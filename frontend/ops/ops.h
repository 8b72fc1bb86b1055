// Functions of tensors (keras.ops). On symbolic tensors they record an operation in the layer graph; inside a layer's `call`, a loss
// or a metric they emit it. Operands broadcast by NumPy's rule; of two element types the wider wins, a number takes its partner's.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "frontend/core/one_or_many.h"
#include "frontend/core/tensor.h"

namespace cornu {

// Arithmetic
Tensor operator+(const Tensor &a, const Tensor &b);
Tensor operator-(const Tensor &a, const Tensor &b);
Tensor operator*(const Tensor &a, const Tensor &b);
Tensor operator/(const Tensor &a, const Tensor &b);
Tensor operator-(const Tensor &x);
Tensor maximum(const Tensor &a, const Tensor &b);   ///< the gradient of a tie goes to a
Tensor minimum(const Tensor &a, const Tensor &b);
Tensor pow(const Tensor &a, const Tensor &b);
Tensor clip(const Tensor &x, double low, double high);

// Comparison: bool tensors
Tensor operator<(const Tensor &a, const Tensor &b);
Tensor operator<=(const Tensor &a, const Tensor &b);
Tensor operator>(const Tensor &a, const Tensor &b);
Tensor operator>=(const Tensor &a, const Tensor &b);
Tensor equal(const Tensor &a, const Tensor &b);
Tensor not_equal(const Tensor &a, const Tensor &b);
Tensor logical_not(const Tensor &x);
Tensor logical_and(const Tensor &a, const Tensor &b);
Tensor logical_or(const Tensor &a, const Tensor &b);
/// a where the condition holds, b elsewhere.
Tensor where(const Tensor &condition, const Tensor &a, const Tensor &b);

// Functions of one tensor
Tensor abs(const Tensor &x);
Tensor sign(const Tensor &x);
Tensor exp(const Tensor &x);
Tensor expm1(const Tensor &x);
Tensor log(const Tensor &x);
Tensor log1p(const Tensor &x);
Tensor sqrt(const Tensor &x);
Tensor rsqrt(const Tensor &x);
Tensor square(const Tensor &x);
Tensor sin(const Tensor &x);
Tensor cos(const Tensor &x);
Tensor erf(const Tensor &x);
Tensor floor(const Tensor &x);
Tensor ceil(const Tensor &x);
Tensor round(const Tensor &x);
Tensor tanh(const Tensor &x);
Tensor sigmoid(const Tensor &x);
Tensor relu(const Tensor &x);
Tensor softplus(const Tensor &x);
Tensor stop_gradient(const Tensor &x);
Tensor softmax(const Tensor &x, int64_t axis = -1);
Tensor log_softmax(const Tensor &x, int64_t axis = -1);
Tensor cast(const Tensor &x, DType dtype);

/// Axes to reduce: one, several, or none for all of them. Negative axes count from the end.
class Axes {
public:
  Axes() = default;
  Axes(int axis) : list(std::vector<int64_t>{axis}) {}
  Axes(std::initializer_list<int64_t> axes) : list(std::vector<int64_t>(axes)) {}
  Axes(std::vector<int64_t> axes) : list(std::move(axes)) {}
  std::optional<std::vector<int64_t>> list;
};
struct ReduceOptions { bool keepdims = false; };
Tensor sum(const Tensor &x, const Axes &axes = {}, ReduceOptions options = {});
Tensor mean(const Tensor &x, const Axes &axes = {}, ReduceOptions options = {});
Tensor max(const Tensor &x, const Axes &axes = {}, ReduceOptions options = {});
Tensor min(const Tensor &x, const Axes &axes = {}, ReduceOptions options = {});
/// log(sum(exp(x))), without overflow.
Tensor logsumexp(const Tensor &x, const Axes &axes = {}, ReduceOptions options = {});
/// True where x is not 0 anywhere along the axes.
Tensor any(const Tensor &x, const Axes &axes = {}, ReduceOptions options = {});
/// Index (int32) of the first maximum.
Tensor argmax(const Tensor &x, int64_t axis = -1);

// Contraction
/// Sum of products over the last axis of a and the first (of two) of b: (…, k) × (k, n) → (…, n); or batched, (…, m, k) × (…, k, n).
Tensor matmul(const Tensor &a, const Tensor &b);
/// Two operands, one letter an axis: "bik,kj->bij".
Tensor einsum(const std::string &equation, const Tensor &a, const Tensor &b);

// Windows over images: (batch, spatial…, channels), or with "channels_first" (batch, channels, spatial…), with 1 to 3 spatial axes.
struct ConvolveOptions {
  OneOrMany<int64_t> strides = 1;
  std::string padding = "valid";            ///< "valid", "same", or "causal": zeros in front only
  std::string data_format = "channels_last";
  OneOrMany<int64_t> dilation_rate = 1;
};
struct ConvTransposeOptions {
  OneOrMany<int64_t> strides = 1;
  std::string padding = "valid";            ///< "valid" or "same"
  std::optional<OneOrMany<int64_t>> output_padding = {};
  std::string data_format = "channels_last";
  OneOrMany<int64_t> dilation_rate = 1;
};
struct PoolOptions {
  std::optional<OneOrMany<int64_t>> strides = {};   ///< none: the size
  std::string padding = "valid";            ///< "valid" or "same"
  std::string data_format = "channels_last";
};
/// Kernel (spatial…, channels / groups, filters): the number of groups follows from the shapes.
Tensor conv(const Tensor &inputs, const Tensor &kernel, ConvolveOptions options = {});
/// Each channel by itself; kernel (spatial…, channels, multiplier), channel c giving c·multiplier + m.
Tensor depthwise_conv(const Tensor &inputs, const Tensor &kernel, ConvolveOptions options = {});
/// A depthwise convolution, then one of size 1 with the pointwise kernel.
Tensor separable_conv(const Tensor &inputs, const Tensor &depthwise_kernel, const Tensor &pointwise_kernel, ConvolveOptions options = {});
/// Kernel (spatial…, filters, channels).
Tensor conv_transpose(const Tensor &inputs, const Tensor &kernel, ConvTransposeOptions options = {});
Tensor max_pool(const Tensor &inputs, const OneOrMany<int64_t> &pool_size, PoolOptions options = {});
/// Elements outside of the input do not count.
Tensor average_pool(const Tensor &inputs, const OneOrMany<int64_t> &pool_size, PoolOptions options = {});

// Shape
/// The batch may be given as -1 in front; one other extent may be -1 and is then inferred.
Tensor reshape(const Tensor &x, const Shape &shape);
Tensor transpose(const Tensor &x, const std::vector<int64_t> &axes);
Tensor expand_dims(const Tensor &x, int64_t axis);
Tensor squeeze(const Tensor &x, int64_t axis);
Tensor concatenate(const Tensors &xs, int64_t axis = -1);
Tensor slice(const Tensor &x, int64_t axis, int64_t start, int64_t limit);
/// From the last element to the first along an axis, not the batch.
Tensor flip(const Tensor &x, int64_t axis);
/// Zeros before and after along each axis; none for the batch.
Tensor pad(const Tensor &x, const std::vector<std::array<int64_t, 2>> &pad_width);
/// Each element `repeats` times along an axis.
Tensor repeat(const Tensor &x, int64_t repeats, int64_t axis);
Tensor broadcast_to(const Tensor &x, const Shape &shape);
/// The rows of x that `indices`, integers of any shape, name: indices.shape + x.shape without its first axis. A negative index counts from the
/// end. One outside is an error when it comes with the data given to fit, evaluate or predict, and means the nearest row otherwise.
Tensor take(const Tensor &x, const Tensor &indices);
/// 1 where the last (new) axis is x, 0 elsewhere.
Tensor one_hot(const Tensor &x, int64_t num_classes, DType dtype = DType::Float32);
Tensor zeros(const Shape &shape, DType dtype = DType::Float32);
/// Zeros or ones of the shape of x, and of its dtype unless another is given.
Tensor zeros_like(const Tensor &x, std::optional<DType> dtype = {});
Tensor ones_like(const Tensor &x, std::optional<DType> dtype = {});
/// `rows` rows of zeros to which rows of `values` are added, each to the one that its index names (as `take` understands it).
Tensor scatter(const Tensor &indices, const Tensor &values, int64_t rows);
/// 0, 1, … count - 1; a count of -1 is the batch. Only inside a call.
Tensor arange(int64_t count, DType dtype = DType::Int32);
/// The batch as an int64 scalar. Only inside a call.
Tensor batch_size();
/// x, carrying `mask`, a bool tensor, or none at all. Only inside a call.
Tensor with_mask(const Tensor &x, const Tensor &mask);

// Loops, only inside a call
/// What one step gives: the states of the next step, and outputs.
struct ScanStep { Tensors states, outputs; };
struct ScanOptions {
  int64_t axis = 1;       ///< of time, behind the batch
  int64_t length = -1;    ///< number of steps; needed if there are no sequences to tell
  bool reverse = false;   ///< from the last slice to the first; outputs stay beside their slices
};
/// The states after the last step, and the outputs of all steps, stacked along the axis.
struct ScanResult { Tensors states, outputs; };
/// Repeats a step along the axis of `sequences` (keras.ops.scan). `step` takes the states and one slice of each sequence, without the axis; it is
/// traced once. The states keep their shapes and dtypes. A variable assigned in the step (as random numbers do) advances with every step.
ScanResult scan(const std::function<ScanStep(const Tensors &states, const Tensors &slices)> &step, const Tensors &initial_states,
                const Tensors &sequences, const ScanOptions &options = {});

// State, only inside a call
/// Uniform in [0, 1); advances `state` (see BaseLayer::add_random_state).
Tensor random_uniform(const Variable &state, const Shape &shape, DType dtype = DType::Float32);
/// Normal with mean 0 and deviation 1; advances `state` by two steps.
Tensor random_normal(const Variable &state, const Shape &shape, DType dtype = DType::Float32);
/// The variable's value when the compiled function returns.
void assign(const Variable &variable, const Tensor &value);
/// Derivatives of a scalar with respect to variables, in their order; no tensor for those on which it does not depend.
Tensors gradients(const Tensor &loss, const std::vector<Variable> &variables);

} // namespace cornu
