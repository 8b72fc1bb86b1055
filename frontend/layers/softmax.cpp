#include "frontend/layers/softmax.h"

#include "frontend/activations/activations.h"
#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

Softmax::Softmax(SoftmaxOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  if (given.axis.list().empty()) fail("axis must name at least one axis", "axis=[]");
}

Tensor Softmax::call(const Tensor &x) {
  Tensor mask = x.mask();
  if (!mask) return activations::softmax(x, given.axis);
  bool fits = mask.rank() <= x.rank();
  for (int64_t axis = -1; fits && axis >= -mask.rank(); --axis) fits = mask.dim(axis) == 1 || mask.dim(axis) == x.dim(axis);
  if (!fits) fail("the mask must broadcast against the input", "mask of shape " + shapeString(mask.shape()) + " for " + shapeString(x.shape()));
  return where(mask, activations::softmax(where(mask, x, x.dtype() == DType::Float16 ? -3e4 : -1e9), given.axis), 0);
}

Json Softmax::get_config() const {
  Json c = Layer::get_config();
  c["axis"] = given.axis.json();
  return c;
}

static const LayerRegistration registration("Softmax", [](const Json &c) {
  const Json &axis = c.get("axis");
  return Softmax(withBase(SoftmaxOptions{.axis = axis.isNull() ? OneOrMany<int64_t>(-1) : OneOrMany<int64_t>::from(axis)}, c)).shared();
});

} // namespace cornu
