// Rescaling: inputs into another range.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct RescalingOptions {
  OneOrMany<double> offset = 0.0;         ///< one, or one for each element of the last axis
  CORNU_LAYER_OPTIONS;
};

/// x scale + offset, in the layer's dtype; `Rescaling(1. / 255)` takes pixels to 0 … 1. Several scales go along the last axis.
class Rescaling : public Layer<Rescaling> {
public:
  explicit Rescaling(OneOrMany<double> scale, RescalingOptions options = {});
  std::string class_name() const override { return "Rescaling"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

private:
  OneOrMany<double> scale;
  RescalingOptions given;
  Variable scales, offsets; // where there are several; not weights
};

} // namespace cornu
