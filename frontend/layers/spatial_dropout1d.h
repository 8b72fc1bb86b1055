// SpatialDropout1D: dropout of whole channels.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct SpatialDropout1DOptions {
  std::optional<uint64_t> seed = {};
  CORNU_LAYER_OPTIONS;
};

/// In training each channel of each sample is 0 with probability `rate`, else divided by 1 - rate; otherwise the identity.
class SpatialDropout1D : public Layer<SpatialDropout1D> {
public:
  explicit SpatialDropout1D(double rate, SpatialDropout1DOptions options = {});
  std::string class_name() const override { return "SpatialDropout1D"; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

private:
  double rate;
  SpatialDropout1DOptions given;
  Variable random;
};

} // namespace cornu
