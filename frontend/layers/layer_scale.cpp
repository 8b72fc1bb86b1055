#include "frontend/layers/layer_scale.h"

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

LayerScale::LayerScale(double init_values, int64_t projection_dim, LayerScaleOptions options)
    : Layer(baseOf(options)), start(init_values), channels(projection_dim) {
  if (channels < 1) fail("projection_dim must be positive", "projection_dim=" + std::to_string(channels));
}

void LayerScale::build(const Shape &input) {
  if (input.size() < 2 || (input.back() != channels && channels != 1))
    fail("the last axis of the input must have projection_dim=" + std::to_string(channels) + " elements", shapeString(input));
  gamma = add_weight("gamma", {channels}, {.initializer = initializers::Constant(start)});
}

Tensor LayerScale::call(const Tensor &x) { return x * gamma; }

Json LayerScale::get_config() const {
  Json c = Layer::get_config();
  c["init_values"] = start;
  c["projection_dim"] = channels;
  return c;
}

static const LayerRegistration registration("LayerScale", [](const Json &c) {
  return LayerScale(c.at("init_values").asDouble(), c.at("projection_dim").asInt(), withBase(LayerScaleOptions{}, c)).shared();
});

} // namespace cornu
