// ELU: an exponential linear unit.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct ELUOptions {
  double alpha = 1;
  Regularizer activity_regularizer = {};
  Shape input_shape = {};
  std::string dtype = "float32";
  std::string name = "";
};

/// x above 0, alpha (e^x - 1) elsewhere.
class ELU : public Layer<ELU> {
public:
  explicit ELU(ELUOptions options = {});
  std::string class_name() const override { return "ELU"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  ELUOptions given;
};

} // namespace cornu
