#include "frontend/layers/gaussian_dropout.h"

#include <cmath>

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

GaussianDropout::GaussianDropout(double rate, GaussianDropoutOptions options) : Layer(baseOf(options)), rate(rate), given(std::move(options)) {
  if (!(rate >= 0 && rate <= 1)) fail("rate must be in [0, 1]", "rate=" + pythonRepr(rate));
}

void GaussianDropout::build(const Shape &) {
  if (rate > 0) random = add_random_state(given.seed);
}

Tensor GaussianDropout::call(const Tensor &x) {
  if (!training() || rate == 0) return x;
  if (rate == 1) fail("rate must be below 1 in training, where the noise has the deviation sqrt(rate / (1 - rate))", "rate=1.0");
  return x * (1 + std::sqrt(rate / (1 - rate)) * random_normal(random, x.shape(), x.dtype()));
}

Json GaussianDropout::get_config() const {
  Json c = Layer::get_config();
  c["rate"] = rate;
  c["seed"] = given.seed;
  return c;
}

static const LayerRegistration registration("GaussianDropout", [](const Json &c) {
  return GaussianDropout(c.at("rate").asDouble(), withBase(GaussianDropoutOptions{.seed = config::seed(c)}, c)).shared();
});

} // namespace cornu
