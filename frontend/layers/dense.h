// Dense: a fully connected layer.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/core/layer.h"

namespace cornu {

struct DenseOptions {
  ActivationFunction activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  int64_t input_dim = 0;        ///< short for .input_shape = {input_dim}
  CORNU_COMMON_OPTIONS;
};

/// activation(x · kernel + bias) over the last axis: (batch, …, in) → (batch, …, units). kernel (in, units), bias (units,).
class Dense : public Layer<Dense> {
public:
  explicit Dense(int64_t units, DenseOptions options = {});
  std::string class_name() const override { return "Dense"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  int64_t units;
  Variable kernel, bias;

private:
  DenseOptions given;
};

} // namespace cornu
