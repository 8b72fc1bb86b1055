// UpSampling1D: every step several times.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct UpSampling1DOptions {
  CORNU_LAYER_OPTIONS;
};

/// (batch, steps, channels) → (batch, steps · size, channels).
class UpSampling1D : public Layer<UpSampling1D> {
public:
  explicit UpSampling1D(int64_t size = 2, UpSampling1DOptions options = {});
  std::string class_name() const override { return "UpSampling1D"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  int64_t size;
};

} // namespace cornu
