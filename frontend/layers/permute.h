// Permute: axes in another order.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// Axis i of the result is axis dims[i - 1] of the input; 1 is the first axis after the batch. Permute({2, 1}): (batch, a, b) → (batch, b, a).
class Permute : public Layer<Permute> {
public:
  explicit Permute(std::vector<int64_t> dims, LayerOptions options = {});
  std::string class_name() const override { return "Permute"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  std::vector<int64_t> dims;
};

} // namespace cornu
