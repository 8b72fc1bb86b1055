#include "frontend/layers/rms_normalization.h"

#include "frontend/layers/normalizing.h"

namespace cornu {

RMSNormalization::RMSNormalization(RMSNormalizationOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  if (given.axis.list().empty()) fail("axis must name at least one axis", "axis=[]");
}

void RMSNormalization::build(const Shape &input) {
  scale = add_weight("scale", extentsAt(input, featureAxes(*this, given.axis.list(), input)), {.initializer = "ones"});
}

Tensor RMSNormalization::call(const Tensor &x) {
  std::vector<int64_t> axes = featureAxes(*this, given.axis.list(), x.shape());
  return x * rsqrt(mean(square(x), axes, {.keepdims = true}) + given.epsilon) * along(scale, x.shape(), axes);
}

Json RMSNormalization::get_config() const {
  Json c = Layer::get_config();
  c["axis"] = built() ? Json(given.axis.list()) : given.axis.json(); // as Keras, which keeps a list once built
  c["epsilon"] = given.epsilon;
  return c;
}

static const LayerRegistration registration("RMSNormalization", [](const Json &c) {
  RMSNormalizationOptions options{.epsilon = config::number(c, "epsilon", 1e-6)};
  if (const Json &axis = c.get("axis"); !axis.isNull()) options.axis = OneOrMany<int64_t>::from(axis);
  return RMSNormalization(withBase(options, c)).shared();
});

} // namespace cornu
