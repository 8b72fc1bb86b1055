// Identity: nothing.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// Gives what it is given.
class Identity : public Layer<Identity> {
public:
  explicit Identity(LayerOptions options = {}) : Layer(std::move(options)) {}
  std::string class_name() const override { return "Identity"; }
  bool supports_masking() const override { return true; }
  Tensor call(const Tensor &x) { return x; }
};

} // namespace cornu
