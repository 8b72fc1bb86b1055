#include "frontend/layers/softmax.h"

#include "frontend/activations/activations.h"
#include "frontend/layers/options.h"

namespace cornu {

Softmax::Softmax(SoftmaxOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  if (given.axis.list().empty()) fail("axis must name at least one axis", "axis=[]");
}

Tensor Softmax::call(const Tensor &x) { return activations::softmax(x, given.axis); }

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
