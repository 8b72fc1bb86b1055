// Functions at the end of a layer (keras.activations).
#pragma once

#include "frontend/core/component.h"
#include "frontend/core/tensor.h"

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
  /// "linear" without a function, "" for a lambda.
  const std::string &name() const { return known; }
  bool isLinear() const { return known == "linear"; }

private:
  std::function<Signature> function;
  std::string known = "linear";
};

namespace activations {
Tensor linear(const Tensor &x);
/// max(x, 0)
Tensor relu(const Tensor &x);
Tensor tanh(const Tensor &x);
Tensor sigmoid(const Tensor &x);
/// exp(x) / sum(exp(x)) over the last axis. UserError below rank 2.
Tensor softmax(const Tensor &x);
} // namespace activations

} // namespace cornu
