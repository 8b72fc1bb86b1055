// Penalties on weights and activations, added to the loss (keras.regularizers).
#pragma once

#include "frontend/core/component.h"
#include "frontend/core/tensor.h"

namespace cornu {

/// A scalar penalty of a tensor. From a name ("l2"), an object (`regularizers::L2(1e-4)`), or a lambda `Tensor(const Tensor &)`.
class Regularizer : public Component<Tensor(const Tensor &x)> {
public:
  Regularizer() = default;
  Regularizer(const char *name) : Regularizer(std::string(name)) {}
  Regularizer(const std::string &name);
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &> && (!std::is_same_v<F, Regularizer>)
  Regularizer(F function) : Regularizer("", Json(), std::move(function)) {}
  using Component::Component;
  static Regularizer from_config(const std::string &class_name, const Json &config) { return classes().find(class_name)(config); }
  static ComponentTable<Regularizer> &classes();

  Tensor operator()(const Tensor &x) const { return state->function(x); }
};

/// Makes a function, or a class, of one's own known by name, so that files can name it and `from_config` finds it. A class is what its
/// maker returns for a config; the object's class_name is that name.
Regularizer register_regularizer(const std::string &name, std::function<Regularizer::Signature> function, const RegisterOptions &options = {});
void register_regularizer(const std::string &class_name, std::function<Regularizer(const Json &config)> maker, const RegisterOptions &options = {});

namespace regularizers {
Regularizer L1(double l1 = 0.01);                       ///< l1 · sum |x|
Regularizer L2(double l2 = 0.01);                       ///< l2 · sum x²
Regularizer L1L2(double l1 = 0, double l2 = 0);         ///< both
} // namespace regularizers

} // namespace cornu
