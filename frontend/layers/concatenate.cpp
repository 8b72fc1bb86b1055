#include "frontend/layers/concatenate.h"

#include <algorithm>

#include "frontend/layers/merge.h"
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

Tensor Concatenate::compute_mask(const Tensors &xs, const Tensors &masks) {
  if (std::none_of(masks.begin(), masks.end(), [](const Tensor &mask) { return static_cast<bool>(mask); })) return {};
  Tensors full;
  for (const Tensor &x : xs) full.push_back(x.mask() ? fullMask(x) : broadcast_to(cast(1, DType::Bool), x.shape()));
  return any(concatenate(full, axis), -1);
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
