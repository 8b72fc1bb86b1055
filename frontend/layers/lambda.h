// Lambda: a function of tensors as a layer.
#pragma once

#include <functional>

#include "frontend/core/layer.h"

namespace cornu {

/// A function of one tensor or of several, or the name of one that was registered.
class LambdaFunction {
public:
  LambdaFunction() = default;
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &>
  LambdaFunction(F function) : function([function](const Tensors &xs) { return Tensor(function(xs.at(0))); }), takesOne(true) {}
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensors &>
  LambdaFunction(F function) : function(std::move(function)) {}
  LambdaFunction(const char *name) : LambdaFunction(std::string(name)) {}
  /// UserError with the known names.
  LambdaFunction(const std::string &name);

  Tensor operator()(const Tensors &xs) const { return function(xs); }
  /// Of exactly one tensor.
  bool isOfOne() const { return takesOne; }
  /// "Custom>twice"; "" unless it was registered.
  const std::string &name() const { return registered; }

private:
  friend LambdaFunction register_lambda(const std::string &name, LambdaFunction function, const RegisterOptions &options);
  std::function<Tensor(const Tensors &)> function;
  bool takesOne = false;
  std::string registered;
};

/// Makes a function known by name, so that a model with it can be saved and loaded: `register_lambda("twice", [](const Tensor &x) { return x * 2; })`,
/// then `Lambda("twice")`.
LambdaFunction register_lambda(const std::string &name, LambdaFunction function, const RegisterOptions &options = {});

struct LambdaOptions {
  std::optional<Shape> output_shape = {};       ///< without the batch: follows from the function, and is checked if given
  CORNU_LAYER_OPTIONS;
};

/// `Lambda([](const Tensor &x) { return x * 2; })`, or of several tensors: `Lambda([](const Tensors &xs) { return xs[0] - xs[1]; })`. The function is
/// traced; its result's shape follows. What Keras passes as `arguments` a lambda captures. Only a model whose functions are registered can be saved.
class Lambda : public Layer<Lambda> {
public:
  explicit Lambda(LambdaFunction function, LambdaOptions options = {});
  std::string class_name() const override { return "Lambda"; }
  /// UserError unless the function is registered: a config cannot hold C++.
  Json get_config() const override;
  Tensor call(const Tensors &xs);

private:
  LambdaFunction function;
  std::optional<Shape> output_shape;
};

} // namespace cornu
