// Multiply: the product of tensors.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// `Multiply()({a, b, …})`, broadcasting. Tensors of lower rank first get axes of extent 1 right after the batch.
class Multiply : public Layer<Multiply> {
public:
  explicit Multiply(LayerOptions options = {}) : Layer(std::move(options)) {}
  std::string class_name() const override { return "Multiply"; }
  Tensor call(const Tensors &xs);
};

} // namespace cornu
