// RNN: a cell, step by step over a sequence.
#pragma once

#include "frontend/layers/recurrent.h"

namespace cornu {

struct RNNOptions {
  bool return_sequences = false;          ///< the outputs of all steps, not only the last
  bool return_state = false;              ///< the last states too: see RecurrentLayer::all
  bool go_backwards = false;              ///< from the last step to the first; outputs come in that order
  bool stateful = false;                  ///< begins with the states that the last batch left; the Input needs a batch_size
  bool unroll = false;                    ///< code for each step instead of a loop
  bool zero_output_for_mask = false;      ///< masked steps give 0, not the output of the step before
  CORNU_LAYER_OPTIONS;
};

/// (batch, time, features …) → (batch, units), or (batch, time, units) with return_sequences, where the units are the cell's output_size. A call takes
/// `.initial_state`, one tensor for each of the cell's states, 0 unless given, and `.mask`; a masked step keeps the states.
class RNN : public RecurrentLayer<RNN> {
public:
  explicit RNN(AnyCell cell, RNNOptions options = {});
  /// Cells on top of each other: see StackedRNNCells.
  explicit RNN(std::initializer_list<AnyCell> cells, RNNOptions options = {});
  std::string class_name() const override { return "RNN"; }
  Json get_config() const override;
};

} // namespace cornu
