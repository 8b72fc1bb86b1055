// ReLU: the rectifier as a layer.
#pragma once

#include <optional>

#include "frontend/core/layer.h"

namespace cornu {

struct ReLUOptions {
  std::optional<double> max_value = {};  ///< none: no upper end
  double negative_slope = 0;
  double threshold = 0;
  CORNU_LAYER_OPTIONS;
};

/// max_value from max_value on; x above the threshold; negative_slope (x - threshold) elsewhere. All three must not be negative.
class ReLU : public Layer<ReLU> {
public:
  explicit ReLU(ReLUOptions options = {});
  std::string class_name() const override { return "ReLU"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  ReLUOptions given;
};

} // namespace cornu
