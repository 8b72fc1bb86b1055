// Options that SimpleRNN, GRU, LSTM and their cells share, in Keras's order.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

#define CORNU_RECURRENT_INITIALIZERS                                                                                                           \
  bool use_bias = true;                                                                                                                        \
  Initializer kernel_initializer = "glorot_uniform";                                                                                           \
  Initializer recurrent_initializer = "orthogonal";                                                                                            \
  Initializer bias_initializer = "zeros"

/// dropout is on the input and recurrent_dropout on the state, the same in every step.
#define CORNU_RECURRENT_RULES                                                                                                                  \
  Regularizer kernel_regularizer = {};                                                                                                         \
  Regularizer recurrent_regularizer = {};                                                                                                      \
  Regularizer bias_regularizer = {};                                                                                                           \
  Constraint kernel_constraint = {};                                                                                                           \
  Constraint recurrent_constraint = {};                                                                                                        \
  Constraint bias_constraint = {};                                                                                                             \
  double dropout = 0;                                                                                                                          \
  double recurrent_dropout = 0

/// As RNNOptions explains them.
#define CORNU_RECURRENT_LOOP                                                                                                                   \
  bool return_sequences = false;                                                                                                               \
  bool return_state = false;                                                                                                                   \
  bool go_backwards = false;                                                                                                                   \
  bool stateful = false;                                                                                                                       \
  bool unroll = false;                                                                                                                         \
  bool zero_output_for_mask = false

/// What ends the options of a cell.
#define CORNU_CELL_OPTIONS                                                                                                                     \
  std::optional<uint64_t> seed = {};                                                                                                           \
  bool trainable = true;                                                                                                                       \
  std::string dtype = "float32";                                                                                                               \
  std::string name = ""

} // namespace cornu
