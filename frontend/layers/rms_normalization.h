// RMSNormalization: each row to mean square 1.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct RMSNormalizationOptions {
  OneOrMany<int64_t> axis = -1;           ///< not the batch
  double epsilon = 1e-6;
  CORNU_LAYER_OPTIONS;
};

/// x / √(mean(x^2) + epsilon) over the axes, times scale, which has the extents of the axes. (Zhang, Sennrich: "Root Mean Square Layer
/// Normalization", 2019.)
class RMSNormalization : public Layer<RMSNormalization> {
public:
  explicit RMSNormalization(RMSNormalizationOptions options = {});
  std::string class_name() const override { return "RMSNormalization"; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  Variable scale;

private:
  RMSNormalizationOptions given;
};

} // namespace cornu
