// LayerNormalization: each row to mean 0 and variance 1.
#pragma once

#include "frontend/core/one_or_many.h"
#include "frontend/layers/scale_and_shift.h"

namespace cornu {

struct LayerNormalizationOptions {
  OneOrMany<int64_t> axis = -1;           ///< not the batch
  double epsilon = 1e-3;
  CORNU_SCALE_AND_SHIFT_OPTIONS;
  CORNU_LAYER_OPTIONS;
};

/// (x - mean) / √(variance + epsilon) over the axes of each sample, times gamma plus beta; both have the extents of the axes. The variance is
/// divided by the number of elements. (Ba, Kiros, Hinton: "Layer Normalization", 2016.)
class LayerNormalization : public Layer<LayerNormalization> {
public:
  explicit LayerNormalization(LayerNormalizationOptions options = {});
  std::string class_name() const override { return "LayerNormalization"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  Variable gamma, beta;

private:
  LayerNormalizationOptions given;
};

} // namespace cornu
