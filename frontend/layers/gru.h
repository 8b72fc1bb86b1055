// GRU: gated recurrent unit.
#pragma once

#include "frontend/layers/gru_cell.h"

namespace cornu {

struct GRUOptions {
  ActivationFunction activation = "tanh";
  ActivationFunction recurrent_activation = "sigmoid";   ///< of the gates
  CORNU_RECURRENT_INITIALIZERS;
  CORNU_RECURRENT_RULES;
  CORNU_RECURRENT_LOOP;
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
