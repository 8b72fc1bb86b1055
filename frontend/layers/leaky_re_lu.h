// LeakyReLU: a rectifier with a slope on both sides.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct LeakyReLUOptions {
  double negative_slope = 0.3;
  CORNU_LAYER_OPTIONS;
};

/// x above 0, negative_slope x elsewhere.
class LeakyReLU : public Layer<LeakyReLU> {
public:
  explicit LeakyReLU(LeakyReLUOptions options = {});
  std::string class_name() const override { return "LeakyReLU"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  LeakyReLUOptions given;
};

} // namespace cornu
