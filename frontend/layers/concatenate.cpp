#include "frontend/layers/concatenate.h"

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

Concatenate::Concatenate(ConcatenateOptions options) : Layer(baseOf(options)), axis(options.axis) {}

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
  return Concatenate(withBase(ConcatenateOptions{.axis = config::integer(c, "axis", -1)}, c)).shared();
});

} // namespace cornu
