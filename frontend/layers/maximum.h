// Maximum: the largest of tensors.
#pragma once

#include "frontend/layers/merge.h"

namespace cornu {

/// `Maximum()({a, b, …})`, element by element, broadcasting. Tensors of lower rank first get axes of extent 1 right after the batch. The gradient of a tie goes to the first.
class Maximum : public Layer<Maximum> {
public:
  explicit Maximum(LayerOptions options = {}) : Layer(std::move(options)) {}
  std::string class_name() const override { return "Maximum"; }
  bool supports_masking() const override { return true; }
  Tensor compute_mask(const Tensors &, const Tensors &masks) { return anyMask(masks); }
  Tensor call(const Tensors &xs);
};

} // namespace cornu
