// Bidirectional: a sequence read from both ends.
#pragma once

#include "frontend/layers/recurrent.h"

namespace cornu {

struct BidirectionalOptions {
  /// How the two outputs become one: "concat" (forward first), "sum", "mul", "ave"; "" leaves them two.
  std::string merge_mode = "concat";
  /// In place of a copy of the layer that goes the other way. It must go the other way.
  AnyLayer backward_layer = {};
  CORNU_LAYER_OPTIONS;
};

/// `Bidirectional(LSTM(64, {.return_sequences = true}))(x)`: two layers made from the config of the given one, of which the second goes from the last
/// step to the first; with return_sequences its outputs are put back in order and masked steps give 0. Results are the merged output, then, with
/// return_state, the states of both. `.initial_state` holds those of both.
class Bidirectional : public Layer<Bidirectional> {
public:
  /// UserError if it is not a recurrent layer, or is one of a class that from_config does not know.
  explicit Bidirectional(const AnyLayer &layer, BidirectionalOptions options = {});
  std::string class_name() const override { return "Bidirectional"; }
  bool supports_masking() const override { return true; }
  std::vector<std::string> call_arguments() const override { return {"mask", "initial_state"}; }
  Json get_config() const override;
  std::vector<std::shared_ptr<BaseLayer>> sublayers() const override { return {forward, backward}; }
  std::vector<std::string> sublayer_names() const override { return {"forward_layer", "backward_layer"}; }

  /// The merged output. UserError if there are several results: call all().
  Tensor operator()(const Tensor &x, const CallOptions &options = {}) const;
  Tensors all(const Tensor &x, const CallOptions &options = {}) const { return apply(shared(), {x}, options); }
  Tensors call(const Tensors &in);
  Tensors compute_mask(const Tensors &, const Tensors &masks);

private:
  const Recurrence &loop() const;
  BidirectionalOptions given;
  std::shared_ptr<BaseLayer> forward, backward;
};

} // namespace cornu
