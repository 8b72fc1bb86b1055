// Masking: steps to leave out.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct MaskingOptions {
  double mask_value = 0;
  CORNU_LAYER_OPTIONS;
};

/// (batch, …, features): steps of which every feature is mask_value are masked, for all layers that follow, and become 0.
class Masking : public Layer<Masking> {
public:
  explicit Masking(MaskingOptions options = {});
  std::string class_name() const override { return "Masking"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  MaskingOptions given;
};

} // namespace cornu
