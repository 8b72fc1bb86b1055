// Activation: a function as a layer.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/core/layer.h"

namespace cornu {

/// Applies an activation, any shape.
class Activation : public Layer<Activation> {
public:
  explicit Activation(ActivationFunction activation, LayerOptions options = {}) : Layer(std::move(options)), activation(std::move(activation)) {
    state->built = true;
  }
  std::string class_name() const override { return "Activation"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  Tensor call(const Tensor &x) { return activation(x); }

private:
  ActivationFunction activation;
};

} // namespace cornu
