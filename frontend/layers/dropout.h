// Dropout: noise against overfitting.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct DropoutOptions {
  Shape noise_shape = {};                 ///< shape of the mask, with the batch; -1 takes the input's extent, 1 shares along an axis
  std::optional<uint64_t> seed = {};
  CORNU_LAYER_OPTIONS;
};

/// In training each element is 0 with probability `rate`, else divided by 1 - rate; otherwise the identity. Rate 1 gives zeros.
class Dropout : public Layer<Dropout> {
public:
  explicit Dropout(double rate, DropoutOptions options = {});
  std::string class_name() const override { return "Dropout"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

private:
  double rate;
  DropoutOptions given;
  Variable random;
};

} // namespace cornu
