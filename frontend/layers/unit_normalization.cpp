#include "frontend/layers/unit_normalization.h"

#include "frontend/layers/normalizing.h"

namespace cornu {

UnitNormalization::UnitNormalization(UnitNormalizationOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  if (given.axis.list().empty()) fail("axis must name at least one axis", "axis=[]");
}

Tensor UnitNormalization::call(const Tensor &x) {
  std::vector<int64_t> axes = featureAxes(*this, given.axis.list(), x.shape());
  return x * rsqrt(maximum(sum(square(x), axes, {.keepdims = true}), 1e-24));
}

Json UnitNormalization::get_config() const {
  Json c = Layer::get_config();
  c["axis"] = given.axis.json();
  return c;
}

static const LayerRegistration registration("UnitNormalization", [](const Json &c) {
  UnitNormalizationOptions options;
  if (const Json &axis = c.get("axis"); !axis.isNull()) options.axis = OneOrMany<int64_t>::from(axis);
  return UnitNormalization(withBase(options, c)).shared();
});

} // namespace cornu
