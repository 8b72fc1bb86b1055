// EinsumDense: a dense layer along any axes.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct EinsumDenseOptions {
  ActivationFunction activation = {};
  std::string bias_axes = "";             ///< letters of the result that have a bias; none: no bias
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  bool trainable = true;
  Shape input_shape = {};
  std::string dtype = "float32";
  std::string name = "";
};

/// activation(einsum(equation, x, kernel) + bias). Equations are "ab,bc->ac", "...b,bc->...c" or "ab...,bc->ac..."; `...` stands for the axes that
/// have no letter. output_shape is that of the result without the batch and those axes; -1 takes the input's extent. The bias has the extents of the result
/// from the first of bias_axes on, 1 where the letter is not in it.
class EinsumDense : public Layer<EinsumDense> {
public:
  EinsumDense(std::string equation, OneOrMany<int64_t> output_shape, EinsumDenseOptions options = {});
  std::string class_name() const override { return "EinsumDense"; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  Variable kernel, bias;

private:
  struct Terms {
    std::string input, kernel, output; ///< one letter an axis
  };
  /// The equation for an input of this rank.
  Terms termsFor(int64_t rank) const;
  std::string equation;
  OneOrMany<int64_t> outputShape;
  EinsumDenseOptions given;
};

} // namespace cornu
