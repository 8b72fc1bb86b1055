// LSTM: long short-term memory.
#pragma once

#include "frontend/layers/lstm_cell.h"

namespace cornu {

struct LSTMOptions {
  ActivationFunction activation = "tanh";
  ActivationFunction recurrent_activation = "sigmoid";   ///< of the gates
  CORNU_RECURRENT_INITIALIZERS;
  bool unit_forget_bias = true;                   ///< the bias of the forget gate begins at 1
  CORNU_RECURRENT_RULES;
  CORNU_RECURRENT_LOOP;
  std::optional<uint64_t> seed = {};
  CORNU_LAYER_OPTIONS;
};

/// (batch, time, features) → (batch, units), or (batch, time, units) with return_sequences. With a memory of its
/// own: see LSTMCell. A call takes `.initial_state` and `.mask` as RNN's.
class LSTM : public RecurrentLayer<LSTM> {
public:
  explicit LSTM(int64_t units, LSTMOptions options = {});
  std::string class_name() const override { return "LSTM"; }
  Json get_config() const override;

private:
  int64_t units;
  LSTMOptions given;
};

} // namespace cornu
