// GaussianDropout: noise that multiplies.
#pragma once

#include <optional>

#include "frontend/core/layer.h"

namespace cornu {

struct GaussianDropoutOptions {
  std::optional<uint64_t> seed = {};
  CORNU_LAYER_OPTIONS;
};

/// In training, times normal noise of mean 1 and deviation √(rate / (1 - rate)); otherwise the identity.
class GaussianDropout : public Layer<GaussianDropout> {
public:
  explicit GaussianDropout(double rate, GaussianDropoutOptions options = {});
  std::string class_name() const override { return "GaussianDropout"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

private:
  double rate;
  GaussianDropoutOptions given;
  Variable random;
};

} // namespace cornu
