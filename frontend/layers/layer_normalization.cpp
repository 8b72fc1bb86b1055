#include "frontend/layers/layer_normalization.h"

#include "frontend/layers/normalizing.h"

namespace cornu {

LayerNormalization::LayerNormalization(LayerNormalizationOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  if (given.axis.list().empty()) fail("axis must name at least one axis", "axis=[]");
}

void LayerNormalization::build(const Shape &input) {
  Shape shape = extentsAt(input, featureAxes(*this, given.axis.list(), input));
  if (given.scale)
    gamma = add_weight("gamma", shape, {.initializer = given.gamma_initializer, .regularizer = given.gamma_regularizer, .constraint = given.gamma_constraint});
  if (given.center)
    beta = add_weight("beta", shape, {.initializer = given.beta_initializer, .regularizer = given.beta_regularizer, .constraint = given.beta_constraint});
}

Tensor LayerNormalization::call(const Tensor &x) {
  std::vector<int64_t> axes = featureAxes(*this, given.axis.list(), x.shape());
  auto [mean, variance] = momentsOf(x, axes);
  Tensor y = (x - mean) * rsqrt(variance + given.epsilon);
  if (given.scale) y = y * along(gamma, x.shape(), axes);
  if (given.center) y = y + along(beta, x.shape(), axes);
  return y;
}

Json LayerNormalization::get_config() const {
  Json c = Layer::get_config();
  c["axis"] = built() ? Json(given.axis.list()) : given.axis.json(); // as Keras, which keeps a list once built
  c["epsilon"] = given.epsilon;
  c["center"] = given.center;
  c["scale"] = given.scale;
  c["rms_scaling"] = false;
  writeScaleAndShift(c, given);
  return c;
}

static const LayerRegistration registration("LayerNormalization", [](const Json &c) {
  if (config::flag(c, "rms_scaling", false)) throw UserError("LayerNormalization: rms_scaling must be false (RMSNormalization does it)", "true");
  LayerNormalizationOptions options;
  if (const Json &axis = c.get("axis"); !axis.isNull()) options.axis = OneOrMany<int64_t>::from(axis);
  readScaleAndShift(options, c);
  return LayerNormalization(withBase(options, c)).shared();
});

} // namespace cornu
