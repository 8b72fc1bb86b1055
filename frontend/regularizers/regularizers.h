// Penalties on weights and activations, added to the loss (keras.regularizers).
#pragma once

#include "frontend/core/component.h"
#include "frontend/core/tensor.h"

namespace cornu {

/// A scalar penalty of a tensor. From a name ("l2"), an object (`regularizers::L2(1e-4)`), or a lambda `Tensor(const Tensor &)`.
class Regularizer {
public:
  using Signature = Tensor(const Tensor &x);

  Regularizer() = default;
  Regularizer(const char *name) : Regularizer(std::string(name)) {}
  Regularizer(const std::string &name);
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &> && (!std::is_same_v<F, Regularizer>)
  Regularizer(F function) : Regularizer("", Json(), std::move(function)) {}
  Regularizer(std::string class_name, Json config, std::function<Signature> function);
  static Regularizer from_config(const std::string &class_name, const Json &config);

  Tensor operator()(const Tensor &x) const { return state->function(x); }
  explicit operator bool() const { return state != nullptr; }
  const std::string &class_name() const { return state->class_name; }
  const Json &get_config() const { return state->config; }

private:
  std::shared_ptr<const ComponentState<Signature>> state;
};

namespace regularizers {
Regularizer L1(double l1 = 0.01);                       ///< l1 · sum |x|
Regularizer L2(double l2 = 0.01);                       ///< l2 · sum x²
Regularizer L1L2(double l1 = 0, double l2 = 0);         ///< both
} // namespace regularizers

} // namespace cornu
