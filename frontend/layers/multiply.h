// Multiply: the product of tensors.
#pragma once

#include "frontend/layers/merge.h"

namespace cornu {

/// `Multiply()({a, b, …})`, broadcasting. Tensors of lower rank first get axes of extent 1 right after the batch.
class Multiply : public Layer<Multiply> {
public:
  explicit Multiply(LayerOptions options = {}) : Layer(std::move(options)) {}
  std::string class_name() const override { return "Multiply"; }
  bool supports_masking() const override { return true; }
  Tensor compute_mask(const Tensors &, const Tensors &masks) { return anyMask(masks); }
  Tensor call(const Tensors &xs);
};

} // namespace cornu
