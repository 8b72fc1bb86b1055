#include "frontend/layers/spatial_dropout2d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

SpatialDropout2D::SpatialDropout2D(double rate, SpatialDropout2DOptions options) : Layer(baseOf(options)), rate(rate), given(std::move(options)) {
  if (!(rate >= 0 && rate <= 1)) fail("rate must be in [0, 1]", "rate=" + pythonRepr(rate));
  checkDataFormat(*this, given.data_format);
}

void SpatialDropout2D::build(const Shape &) {
  if (rate > 0 && rate < 1) random = add_random_state(given.seed);
}

Tensor SpatialDropout2D::call(const Tensor &x) {
  channelsOf(*this, x.shape(), given.data_format, 2);
  if (!training() || rate == 0) return x;
  if (rate == 1) return x * 0;
  Shape mask = given.data_format == "channels_last" ? Shape{x.dim(0), 1, 1, x.dim(3)} : Shape{x.dim(0), x.dim(1), 1, 1};
  return where(random_uniform(random, mask, x.dtype()) >= rate, x * (1 / (1 - rate)), 0);
}

Json SpatialDropout2D::get_config() const {
  // Keras writes these alone, and dtype as a name.
  Json c = Json::object({{"rate", rate}, {"seed", given.seed}, {"name", name()}, {"dtype", given.dtype}});
  c["data_format"] = given.data_format;
  return c;
}

static const LayerRegistration registration("SpatialDropout2D", [](const Json &c) {
  return SpatialDropout2D(c.at("rate").asDouble(), withBase(SpatialDropout2DOptions{.data_format = config::text(c, "data_format", "channels_last"), .seed = config::seed(c)}, c)).shared();
});

} // namespace cornu
