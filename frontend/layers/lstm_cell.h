// LSTMCell: a step of LSTM.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/layers/gates.h"

namespace cornu {

struct LSTMCellOptions {
  ActivationFunction activation = "tanh";
  ActivationFunction recurrent_activation = "sigmoid";   ///< of the gates
  CORNU_RECURRENT_INITIALIZERS;
  bool unit_forget_bias = true;                   ///< the bias of the forget gate begins at 1
  CORNU_RECURRENT_RULES;
  CORNU_CELL_OPTIONS;
};

/// Of [i, f, g, o] = x · kernel + h · recurrent_kernel + bias: c ← σ(f) c + σ(i) activation(g), h ← σ(o) activation(c), where σ is the
/// recurrent_activation. The states are h, which is the output, and c. (Hochreiter, Schmidhuber: "Long short-term memory", 1997.)
class LSTMCell : public GatedCell<LSTMCell> {
public:
  explicit LSTMCell(int64_t units, LSTMCellOptions options = {});
  std::string class_name() const override { return "LSTMCell"; }
  Json get_config() const override;
  std::vector<int64_t> state_size() const override { return {units, units}; }
  void build(const Shape &step);
  Step step(const Tensor &x, const States &states) override;

private:
  LSTMCellOptions given;
};

} // namespace cornu
