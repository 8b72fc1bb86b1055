// SpatialDropout2D: dropout of whole channels.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct SpatialDropout2DOptions {
  std::string data_format = "channels_last";   ///< or "channels_first"
  std::optional<uint64_t> seed = {};
  CORNU_LAYER_OPTIONS;
};

/// In training each channel of each sample is 0 with probability `rate`, else divided by 1 - rate; otherwise the identity.
class SpatialDropout2D : public Layer<SpatialDropout2D> {
public:
  explicit SpatialDropout2D(double rate, SpatialDropout2DOptions options = {});
  std::string class_name() const override { return "SpatialDropout2D"; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

private:
  double rate;
  SpatialDropout2DOptions given;
  Variable random;
};

} // namespace cornu
