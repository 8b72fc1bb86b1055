// RepeatVector: the same row several times.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// (batch, features) → (batch, n, features)
class RepeatVector : public Layer<RepeatVector> {
public:
  explicit RepeatVector(int64_t n, LayerOptions options = {});
  std::string class_name() const override { return "RepeatVector"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  int64_t n;
};

} // namespace cornu
