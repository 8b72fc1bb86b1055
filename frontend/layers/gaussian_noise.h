// GaussianNoise: noise against overfitting.
#pragma once

#include <optional>

#include "frontend/core/layer.h"

namespace cornu {

struct GaussianNoiseOptions {
  std::optional<uint64_t> seed = {};
  CORNU_LAYER_OPTIONS;
};

/// In training, plus normal noise of deviation `stddev` (0 … 1); otherwise the identity.
class GaussianNoise : public Layer<GaussianNoise> {
public:
  explicit GaussianNoise(double stddev, GaussianNoiseOptions options = {});
  std::string class_name() const override { return "GaussianNoise"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

private:
  double stddev;
  GaussianNoiseOptions given;
  Variable random;
};

} // namespace cornu
