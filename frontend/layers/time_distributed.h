// TimeDistributed: a layer on every step.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// Calls a layer or a whole model on each step: (batch, time, …) → (batch, time, …). The steps share its weights; what it keeps, as moving statistics
/// or noise, advances with each step. A layer that takes a mask gets that of its step.
class TimeDistributed : public Layer<TimeDistributed> {
public:
  explicit TimeDistributed(AnyLayer layer, LayerOptions options = {});
  std::string class_name() const override { return "TimeDistributed"; }
  bool supports_masking() const override { return true; }
  std::vector<std::string> call_arguments() const override { return {"mask"}; }
  Json get_config() const override;
  std::vector<std::shared_ptr<BaseLayer>> sublayers() const override { return {layer.shared()}; }
  std::vector<std::string> sublayer_names() const override { return {"layer"}; }
  void build(const Shape &input);
  Tensor call(const Tensor &x);

private:
  Tensor ofStep(const Tensor &x, const Tensor &mask);
  AnyLayer layer;
};

} // namespace cornu
