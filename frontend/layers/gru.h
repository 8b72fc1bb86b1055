// GRU: gated recurrent unit.
#pragma once

#include "frontend/layers/gru_cell.h"

namespace cornu {

struct GRUOptions {
  ActivationFunction activation = "tanh";
  ActivationFunction recurrent_activation = "sigmoid";   ///< of the gates
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
  bool reset_after = true;                        ///< r after the product with the recurrent kernel, not before
  std::optional<uint64_t> seed = {};
  CORNU_LAYER_OPTIONS;
};

/// (batch, time, features) → (batch, units), or (batch, time, units) with return_sequences. Two gates decide what
/// the state keeps: see GRUCell. A call takes `.initial_state` and `.mask` as RNN's.
class GRU : public RecurrentLayer<GRU> {
public:
  explicit GRU(int64_t units, GRUOptions options = {});
  std::string class_name() const override { return "GRU"; }
  Json get_config() const override;

private:
  int64_t units;
  GRUOptions given;
};

} // namespace cornu
