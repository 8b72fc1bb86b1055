// GlobalAveragePooling1D: the mean of each channel.
#pragma once

#include "frontend/layers/base_global_pooling.h"

namespace cornu {

/// (batch, steps, channels) → (batch, channels). Masked steps do not count; where all are masked the mean is NaN.
class GlobalAveragePooling1D : public BaseGlobalPooling<GlobalAveragePooling1D> {
public:
  explicit GlobalAveragePooling1D(GlobalPoolingOptions options = {}) : BaseGlobalPooling(1, std::move(options)) {}
  std::string class_name() const override { return "GlobalAveragePooling1D"; }
  bool supports_masking() const override { return true; }
  std::vector<std::string> call_arguments() const override { return {"mask"}; }
  Tensor call(const Tensor &x);
  Tensor compute_mask(const Tensor &, const Tensor &) { return {}; }
};

} // namespace cornu
