// OpLayer: an op of the layer graph, Keras's "Operation". Internal.
#pragma once

#include <functional>

#include "frontend/core/layer.h"

namespace cornu::ops {

using Emit = std::function<Tensor(const Tensors &)>;

/// What an operator on symbolic tensors becomes. It is called on those of its operands that are symbolic; the others are part of it.
class OpLayer : public Layer<OpLayer> {
public:
  /// `operands`: numbers, and a tensor of any kind, or none, where it is called on one. `arguments`: what follows them in a file.
  OpLayer(std::string className, Tensors operands, Emit emit, Json config, Json arguments = Json::list(), std::string name = "");
  std::string class_name() const override { return className; }
  Json get_config() const override;
  bool autocast() const override { return false; }
  /// What an op computes carries no mask, and nobody expects it to.
  bool supports_masking() const override { return true; }
  Tensors compute_mask(const Tensors &, const Tensors &) { return {}; }
  Tensor call(const Tensors &symbols);

  /// As they were given, with the tensors that the layer is called on left empty.
  const Tensors &operands() const { return given; }
  const Json &arguments() const { return further; }

private:
  std::string className;
  Tensors given;
  Emit emit;
  Json config, further;
};

} // namespace cornu::ops
