#include "frontend/layers/concatenate.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tensor Concatenate::call(const Tensors &xs) {
  try {
    return concatenate(xs, axis);
  } catch (const UserError &error) {
    std::string text = error.what();
    fail(text.substr(text.find(": ") + 2)); // under the layer's name instead of the op's
  }
}

Json Concatenate::get_config() const {
  Json c = Layer::get_config();
  c["axis"] = axis;
  return c;
}

static const LayerRegistration registration("Concatenate", [](const Json &c) {
  LayerOptions base = config::layerOptions(c);
  return Concatenate({.axis = config::integer(c, "axis", -1), .dtype = base.dtype, .name = base.name}).shared();
});

} // namespace cornu
