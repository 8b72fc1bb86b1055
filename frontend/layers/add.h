// Add: the sum of tensors.
#pragma once

#include "frontend/layers/merge.h"

namespace cornu {

/// `Add()({a, b, …})`, broadcasting. Tensors of lower rank first get axes of extent 1 right after the batch.
class Add : public Layer<Add> {
public:
  explicit Add(LayerOptions options = {}) : Layer(std::move(options)) {}
  std::string class_name() const override { return "Add"; }
  bool supports_masking() const override { return true; }
  Tensor compute_mask(const Tensors &, const Tensors &masks) { return anyMask(masks); }
  Tensor call(const Tensors &xs);
};

} // namespace cornu
