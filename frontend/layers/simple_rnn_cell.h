// SimpleRNNCell: a step of SimpleRNN.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/layers/gates.h"

namespace cornu {

struct SimpleRNNCellOptions {
  ActivationFunction activation = "tanh";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;                             ///< on the input, the same in every step
  double recurrent_dropout = 0;                   ///< on the state, the same in every step
  std::optional<uint64_t> seed = {};
  bool trainable = true;
  std::string dtype = "float32";
  std::string name = "";
};

/// h ← activation(x · kernel + h · recurrent_kernel + bias); the output is the state h.
class SimpleRNNCell : public GatedCell<SimpleRNNCell> {
public:
  explicit SimpleRNNCell(int64_t units, SimpleRNNCellOptions options = {});
  std::string class_name() const override { return "SimpleRNNCell"; }
  Json get_config() const override;
  void build(const Shape &step);
  Step step(const Tensor &x, const States &states) override;

private:
  SimpleRNNCellOptions given;
};

} // namespace cornu
