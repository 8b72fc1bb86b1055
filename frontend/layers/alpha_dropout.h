// AlphaDropout: dropout for networks of selu.
#pragma once

#include <optional>

#include "frontend/core/layer.h"

namespace cornu {

struct AlphaDropoutOptions {
  Shape noise_shape = {};                 ///< shape of the mask, with the batch; -1 takes the input's extent, 1 shares along an axis
  std::optional<uint64_t> seed = {};
  CORNU_LAYER_OPTIONS;
};

/// In training each element becomes α' = -1.758… with probability `rate`, then all become a x + b with a = ((1 - rate)(1 + rate α'^2))^-½ and
/// b = -a α' rate, which keeps mean and variance; otherwise the identity. (Klambauer et al.: "Self-Normalizing Neural Networks", 2017.)
class AlphaDropout : public Layer<AlphaDropout> {
public:
  explicit AlphaDropout(double rate, AlphaDropoutOptions options = {});
  std::string class_name() const override { return "AlphaDropout"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

private:
  double rate;
  AlphaDropoutOptions given;
  Variable random;
};

} // namespace cornu
