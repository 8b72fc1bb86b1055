#include "frontend/layers/gaussian_noise.h"

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

GaussianNoise::GaussianNoise(double stddev, GaussianNoiseOptions options) : Layer(baseOf(options)), stddev(stddev), given(std::move(options)) {
  if (!(stddev >= 0 && stddev <= 1)) fail("stddev must be in [0, 1]", "stddev=" + pythonRepr(stddev));
}

void GaussianNoise::build(const Shape &) {
  if (stddev > 0) random = add_random_state(given.seed);
}

Tensor GaussianNoise::call(const Tensor &x) {
  if (!training() || stddev == 0) return x;
  return x + stddev * random_normal(random, x.shape(), x.dtype());
}

Json GaussianNoise::get_config() const {
  Json c = Layer::get_config();
  c["stddev"] = stddev;
  c["seed"] = given.seed;
  return c;
}

static const LayerRegistration registration("GaussianNoise", [](const Json &c) {
  return GaussianNoise(c.at("stddev").asDouble(), withBase(GaussianNoiseOptions{.seed = config::seed(c)}, c)).shared();
});

} // namespace cornu
