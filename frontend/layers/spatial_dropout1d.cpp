#include "frontend/layers/spatial_dropout1d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

SpatialDropout1D::SpatialDropout1D(double rate, SpatialDropout1DOptions options) : Layer(baseOf(options)), rate(rate), given(std::move(options)) {
  if (!(rate >= 0 && rate <= 1)) fail("rate must be in [0, 1]", "rate=" + pythonRepr(rate));
}

void SpatialDropout1D::build(const Shape &) {
  if (rate > 0 && rate < 1) random = add_random_state(given.seed);
}

Tensor SpatialDropout1D::call(const Tensor &x) {
  channelsOf(*this, x.shape(), "channels_last", 1);
  if (!training() || rate == 0) return x;
  if (rate == 1) return x * 0;
  Shape mask = {x.dim(0), 1, x.dim(2)};
  return where(random_uniform(random, mask, x.dtype()) >= rate, x * (1 / (1 - rate)), 0);
}

Json SpatialDropout1D::get_config() const {
  // Keras writes these alone, and dtype as a name.
  Json c = Json::object({{"rate", rate}, {"seed", given.seed}, {"name", name()}, {"dtype", given.dtype}});
  return c;
}

static const LayerRegistration registration("SpatialDropout1D", [](const Json &c) {
  return SpatialDropout1D(c.at("rate").asDouble(), withBase(SpatialDropout1DOptions{.seed = config::seed(c)}, c)).shared();
});

} // namespace cornu
