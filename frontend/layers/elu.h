// ELU: an exponential linear unit.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct ELUOptions {
  double alpha = 1;
  CORNU_LAYER_OPTIONS;
};

/// x above 0, alpha (e^x - 1) elsewhere.
class ELU : public Layer<ELU> {
public:
  explicit ELU(ELUOptions options = {});
  std::string class_name() const override { return "ELU"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  ELUOptions given;
};

} // namespace cornu
