// Minimum: the smallest of tensors.
#pragma once

#include "frontend/layers/merge.h"

namespace cornu {

/// `Minimum()({a, b, …})`, element by element, broadcasting. Tensors of lower rank first get axes of extent 1 right after the batch. The gradient of a tie goes to the first.
class Minimum : public Layer<Minimum> {
public:
  explicit Minimum(LayerOptions options = {}) : Layer(std::move(options)) {}
  std::string class_name() const override { return "Minimum"; }
  bool supports_masking() const override { return true; }
  Tensor compute_mask(const Tensors &, const Tensors &masks) { return anyMask(masks); }
  Tensor call(const Tensors &xs);
};

} // namespace cornu
