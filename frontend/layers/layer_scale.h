// LayerScale: a learnt factor for each channel, as in Keras's ConvNeXt.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct LayerScaleOptions {
  CORNU_LAYER_OPTIONS;
};

/// x γ, γ being a vector of `projection_dim` factors along the last axis, at first all `init_values` (Touvron et al., "Going deeper with Image
/// Transformers", 2021). Keras has this layer in keras.src.applications.convnext; models of that family hold it.
class LayerScale : public Layer<LayerScale> {
public:
  LayerScale(double init_values, int64_t projection_dim, LayerScaleOptions options = {});
  std::string class_name() const override { return "LayerScale"; }
  const char *keras_module() const override { return "keras.src.applications.convnext"; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  Variable gamma;

private:
  double start;
  int64_t channels;
};

} // namespace cornu
