// Reshape: the same elements under another shape.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// (batch, …) → (batch, target_shape…), row-major. One extent may be -1 and is inferred.
class Reshape : public Layer<Reshape> {
public:
  explicit Reshape(Shape target_shape, LayerOptions options = {});
  std::string class_name() const override { return "Reshape"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  Shape target;
};

} // namespace cornu
