// SimpleRNN: a layer that sees its own last output.
#pragma once

#include "frontend/layers/simple_rnn_cell.h"

namespace cornu {

struct SimpleRNNOptions {
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
  bool return_sequences = false;                  ///< these as RNNOptions explains them
  bool return_state = false;
  bool go_backwards = false;
  bool stateful = false;
  bool unroll = false;
  bool zero_output_for_mask = false;
  std::optional<uint64_t> seed = {};
  CORNU_LAYER_OPTIONS;
};

/// (batch, time, features) → (batch, units), or (batch, time, units) with return_sequences. The output goes back into the
/// next step: see SimpleRNNCell. A call takes `.initial_state` and `.mask` as RNN's.
class SimpleRNN : public RecurrentLayer<SimpleRNN> {
public:
  explicit SimpleRNN(int64_t units, SimpleRNNOptions options = {});
  std::string class_name() const override { return "SimpleRNN"; }
  Json get_config() const override;

private:
  int64_t units;
  SimpleRNNOptions given;
};

} // namespace cornu
