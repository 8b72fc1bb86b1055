// Average: the mean of tensors.
#pragma once

#include "frontend/layers/merge.h"

namespace cornu {

/// `Average()({a, b, …})`: the sum divided by their number, broadcasting. Tensors of lower rank first get axes of extent 1 right after the batch.
class Average : public Layer<Average> {
public:
  explicit Average(LayerOptions options = {}) : Layer(std::move(options)) {}
  std::string class_name() const override { return "Average"; }
  bool supports_masking() const override { return true; }
  Tensor compute_mask(const Tensors &, const Tensors &masks) { return anyMask(masks); }
  Tensor call(const Tensors &xs);
};

} // namespace cornu
