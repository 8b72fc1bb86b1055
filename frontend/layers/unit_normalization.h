// UnitNormalization: each row to length 1.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct UnitNormalizationOptions {
  OneOrMany<int64_t> axis = -1;
  CORNU_LAYER_OPTIONS;
};

/// x / √max(sum(x^2), 1e-24) over the axes.
class UnitNormalization : public Layer<UnitNormalization> {
public:
  explicit UnitNormalization(UnitNormalizationOptions options = {});
  std::string class_name() const override { return "UnitNormalization"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  UnitNormalizationOptions given;
};

} // namespace cornu
