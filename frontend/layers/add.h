// Add: the sum of tensors.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// `Add()({a, b, …})`, broadcasting. Tensors of lower rank first get axes of extent 1 right after the batch.
class Add : public Layer<Add> {
public:
  explicit Add(LayerOptions options = {}) : Layer(std::move(options)) {}
  std::string class_name() const override { return "Add"; }
  Tensor call(const Tensors &xs);
};

} // namespace cornu
