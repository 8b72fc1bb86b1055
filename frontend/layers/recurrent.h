// The loop that recurrent layers are. Internal to frontend/layers.
#pragma once

#include "frontend/layers/cell.h"
#include "frontend/layers/options.h"

namespace cornu {

/// How a recurrent layer runs its cell: see RNNOptions.
struct Recurrence {
  bool return_sequences = false, return_state = false, go_backwards = false, stateful = false, unroll = false, zero_output_for_mask = false;
};
template <class O> Recurrence recurrenceOf(const O &o) {
  return {o.return_sequences, o.return_state, o.go_backwards, o.stateful, o.unroll, o.zero_output_for_mask};
}
template <class O> void readRecurrence(O &o, const Json &c) {
  using config::flag;
  o.return_sequences = flag(c, "return_sequences", false), o.return_state = flag(c, "return_state", false);
  o.go_backwards = flag(c, "go_backwards", false), o.stateful = flag(c, "stateful", false);
  o.unroll = flag(c, "unroll", false), o.zero_output_for_mask = flag(c, "zero_output_for_mask", false);
}
void writeRecurrence(Json &c, const Recurrence &recurrence);

/// A cell and the loop around it.
class RecurrentContract {
public:
  virtual ~RecurrentContract() = default;
  const AnyCell &cell() const { return theCell; }
  const Recurrence &recurrence() const { return loop; }

protected:
  /// A variable of (batch, features) that is no weight.
  virtual Variable keptState(size_t i, int64_t batch, int64_t features) = 0;
  RecurrentContract(AnyCell cell, const Recurrence &loop) : theCell(std::move(cell)), loop(loop) {}
  void build(BaseLayer &layer, const std::vector<Shape> &inputs);
  /// The output, or the last one, then the states with return_state. `in`: the sequence, then initial states if they are given.
  Tensors run(BaseLayer &layer, const Tensors &in);

  AnyCell theCell;
  Recurrence loop;
  std::vector<Variable> kept; ///< states, if stateful
};

/// What recurrent layers derive from, with themselves as the argument.
template <class Self> class RecurrentLayer : public Layer<Self>, public RecurrentContract {
public:
  /// The output. UserError with return_state: call all().
  Tensor operator()(const Tensor &x, const CallOptions &options = {}) const {
    Tensors results = all(x, options);
    if (results.size() != 1) this->fail("with return_state it has several results: call all()", std::to_string(results.size()));
    return results[0];
  }
  /// The output and, with return_state, the states.
  Tensors all(const Tensor &x, const CallOptions &options = {}) const { return BaseLayer::apply(this->shared(), {x}, options); }

  bool supports_masking() const override { return true; }
  std::vector<std::string> call_arguments() const override { return {"mask", "initial_state"}; }
  std::vector<std::shared_ptr<BaseLayer>> sublayers() const override { return {theCell.layer()}; }
  std::vector<std::string> sublayer_names() const override { return {"cell"}; }
  void build(const std::vector<Shape> &inputs) { RecurrentContract::build(*this, inputs); }
  Tensors call(const Tensors &in) { return run(*this, in); }
  Tensors compute_mask(const Tensors &, const Tensors &masks) { return {loop.return_sequences ? masks[0] : Tensor()}; }

protected:
  RecurrentLayer(AnyCell cell, const Recurrence &loop, LayerOptions options) : Layer<Self>(std::move(options)), RecurrentContract(std::move(cell), loop) {}
  Variable keptState(size_t i, int64_t batch, int64_t features) override { return this->add_state("rnn_state_" + std::to_string(i), {batch, features}); }
};

} // namespace cornu
