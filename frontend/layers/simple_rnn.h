// SimpleRNN: a layer that sees its own last output.
#pragma once

#include "frontend/layers/simple_rnn_cell.h"

namespace cornu {

struct SimpleRNNOptions {
  ActivationFunction activation = "tanh";
  CORNU_RECURRENT_INITIALIZERS;
  CORNU_RECURRENT_RULES;
  CORNU_RECURRENT_LOOP;
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
