#include "frontend/layers/alpha_dropout.h"

#include <cmath>

#include "frontend/layers/noise_shape.h"
#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

AlphaDropout::AlphaDropout(double rate, AlphaDropoutOptions options) : Layer(baseOf(options)), rate(rate), given(std::move(options)) {
  if (!(rate >= 0 && rate <= 1)) fail("rate must be in [0, 1]", "rate=" + pythonRepr(rate));
}

void AlphaDropout::build(const Shape &) {
  if (rate > 0) random = add_random_state(given.seed);
}

Tensor AlphaDropout::call(const Tensor &x) {
  if (!training() || rate == 0) return x;
  if (rate == 1) fail("rate must be below 1 in training, where nothing would be kept", "rate=1.0");
  Shape shape = maskShape(*this, given.noise_shape, x.shape());
  constexpr double dropped = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946;
  double a = 1 / std::sqrt((1 - rate) * (1 + rate * dropped * dropped)), b = -a * dropped * rate;
  return a * where(random_uniform(random, shape, x.dtype()) >= rate, x, dropped) + b;
}

Json AlphaDropout::get_config() const {
  Json c = Layer::get_config();
  c["rate"] = rate;
  c["seed"] = given.seed;
  c["noise_shape"] = noiseShapeConfig(given.noise_shape);
  return c;
}

static const LayerRegistration registration("AlphaDropout", [](const Json &c) {
  return AlphaDropout(c.at("rate").asDouble(), withBase(AlphaDropoutOptions{.noise_shape = noiseShapeFrom(c), .seed = config::seed(c)}, c)).shared();
});

} // namespace cornu
