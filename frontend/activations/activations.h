// Functions at the end of a layer (keras.activations).
#pragma once

#include <optional>

#include "frontend/core/component.h"
#include "frontend/core/tensor.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

/// What `.activation` takes: a name ("relu"), `activations::relu`, or a lambda `Tensor(const Tensor &)`. Linear unless given.
class ActivationFunction {
public:
  using Signature = Tensor(const Tensor &x);

  ActivationFunction() = default;
  ActivationFunction(const char *name) : ActivationFunction(std::string(name)) {}
  ActivationFunction(const std::string &name);
  /// `activations::relu` keeps its name.
  ActivationFunction(Signature *function);
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &> && (!std::is_same_v<F, ActivationFunction>)
  ActivationFunction(F function) : function(std::move(function)), known("") {}
  /// A named one.
  ActivationFunction(std::string name, std::function<Signature> function) : function(std::move(function)), known(std::move(name)) {}

  Tensor operator()(const Tensor &x) const { return function ? function(x) : x; }
  /// "linear" without a function, "" for a lambda, "Custom>gated" for one that was registered.
  const std::string &name() const { return known; }
  bool isRegistered() const { return known.find('>') != std::string::npos; }
  bool isLinear() const { return known == "linear"; }

private:
  std::function<Signature> function;
  std::string known = "linear";
};

/// Makes a function of one's own known by name, for `.activation = "gated"` and for files.
ActivationFunction register_activation(const std::string &name, std::function<ActivationFunction::Signature> function, const RegisterOptions &options = {});

/// Each function of one tensor can be named in `.activation`; those with further arguments are for lambdas:
/// `.activation = [](const Tensor &x) { return activations::elu(x, 0.5); }`.
namespace activations {
Tensor linear(const Tensor &x);

// Rectifiers
/// max(x, 0)
Tensor relu(const Tensor &x);
struct ReluOptions {
  double negative_slope = 0;
  std::optional<double> max_value = {};
  double threshold = 0;
};
/// max_value from max_value on; x above the threshold; negative_slope (x - threshold) elsewhere.
Tensor relu(const Tensor &x, const ReluOptions &options);
/// min(max(x, 0), 6); derivative 0 at 0 and 6.
Tensor relu6(const Tensor &x);
/// x above 0, negative_slope x elsewhere.
Tensor leaky_relu(const Tensor &x, double negative_slope);
Tensor leaky_relu(const Tensor &x);                          ///< negative_slope 0.2
/// x above 0, alpha (e^x - 1) elsewhere.
Tensor elu(const Tensor &x, double alpha);
Tensor elu(const Tensor &x);                                 ///< alpha 1
/// 1.0507… elu(x, 1.6732…): keeps mean 0 and variance 1 (Klambauer et al., 2017).
Tensor selu(const Tensor &x);
/// max(x, 0) + min(0, alpha (e^(x/alpha) - 1))
Tensor celu(const Tensor &x, double alpha);
Tensor celu(const Tensor &x);                                ///< alpha 1
/// x above the threshold, default_value elsewhere.
Tensor threshold(const Tensor &x, double threshold, double default_value);
/// x where |x| > threshold, 0 elsewhere.
Tensor hard_shrink(const Tensor &x, double threshold);
Tensor hard_shrink(const Tensor &x);                         ///< threshold 0.5
/// x moved towards 0 by the threshold, 0 within it.
Tensor soft_shrink(const Tensor &x, double threshold);
Tensor soft_shrink(const Tensor &x);                         ///< threshold 0.5
/// 0 up to -1, x from 1 on, (x + 1)^2 / 4 between.
Tensor sparse_plus(const Tensor &x);

// Sigmoids
Tensor sigmoid(const Tensor &x);
Tensor tanh(const Tensor &x);
/// relu6(x + 3) / 6
Tensor hard_sigmoid(const Tensor &x);
/// -1 … 1, x between.
Tensor hard_tanh(const Tensor &x);
/// 0 up to -1, 1 from 1 on, (x + 1) / 2 between.
Tensor sparse_sigmoid(const Tensor &x);
/// log(sigmoid(x)) = -softplus(-x)
Tensor log_sigmoid(const Tensor &x);
/// x / (1 + |x|)
Tensor softsign(const Tensor &x);

// Smooth
/// x Φ(x) = x (1 + erf(x / √2)) / 2
Tensor gelu(const Tensor &x);
struct GeluOptions { bool approximate = false; };            ///< with tanh: x (1 + tanh(√(2/π) (x + 0.044715 x^3))) / 2
Tensor gelu(const Tensor &x, const GeluOptions &options);
/// x sigmoid(x), also called swish.
Tensor silu(const Tensor &x);
/// x hard_sigmoid(x), also called hard_swish.
Tensor hard_silu(const Tensor &x);
/// x tanh(softplus(x))
Tensor mish(const Tensor &x);
/// log(1 + e^x)
Tensor softplus(const Tensor &x);
/// (x + √(x^2 + b)) / 2
Tensor squareplus(const Tensor &x, double b);
Tensor squareplus(const Tensor &x);                          ///< b 4
Tensor exponential(const Tensor &x);
/// x - tanh(x)
Tensor tanh_shrink(const Tensor &x);

// Over an axis
/// exp(x) / sum(exp(x)) over the last axis. UserError below rank 2.
Tensor softmax(const Tensor &x);
/// Over one axis, or over several together.
Tensor softmax(const Tensor &x, const OneOrMany<int64_t> &axis);
Tensor log_softmax(const Tensor &x);
Tensor log_softmax(const Tensor &x, int64_t axis);
/// max(x - τ, 0), with the τ of Keras 3: k = number of sorted x_i > (S_i - 1) / i, τ = (sum of those S_i - 1) / k, S_i the sums of the i
/// largest. (Martins and Astudillo's projection, 2016, has S_k in place of the sum of the S_i.)
Tensor sparsemax(const Tensor &x);
Tensor sparsemax(const Tensor &x, int64_t axis);
/// First half of the axis times the sigmoid of the second. UserError unless the extent is even.
Tensor glu(const Tensor &x);
Tensor glu(const Tensor &x, int64_t axis);
} // namespace activations

} // namespace cornu
