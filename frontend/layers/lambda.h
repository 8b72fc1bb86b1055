// Lambda: a function of tensors as a layer.
#pragma once

#include <functional>

#include "frontend/core/layer.h"

namespace cornu {

struct LambdaOptions {
  Shape input_shape = {};
  std::string dtype = "float32";
  std::string name = "";
};

/// `Lambda([](const Tensor &x) { return x * 2; })`, or of several tensors: `Lambda([](const Tensors &xs) { return xs[0] - xs[1]; })`. The function is
/// traced; its result's shape follows. What Keras passes as `arguments` a lambda captures. A model with it cannot be saved: a file cannot hold
/// C++ — write a layer of your own for that.
class Lambda : public Layer<Lambda> {
public:
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &>
  explicit Lambda(F function, LambdaOptions options = {})
      : Lambda([function](const Tensors &xs) { return Tensor(function(xs.at(0))); }, 1, std::move(options)) {}
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensors &>
  explicit Lambda(F function, LambdaOptions options = {}) : Lambda(std::function<Tensor(const Tensors &)>(std::move(function)), 0, std::move(options)) {}
  std::string class_name() const override { return "Lambda"; }
  /// UserError: a config cannot hold a C++ function.
  Json get_config() const override;
  Tensor call(const Tensors &xs);

private:
  Lambda(std::function<Tensor(const Tensors &)> function, size_t count, LambdaOptions options);
  std::function<Tensor(const Tensors &)> function;
  size_t count; ///< of tensors it takes; 0: any
};

} // namespace cornu
