#include "frontend/layers/dropout.h"

#include "frontend/layers/noise_shape.h"
#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

Dropout::Dropout(double rate, DropoutOptions options) : Layer(baseOf(options)), rate(rate), given(std::move(options)) {
  if (!(rate >= 0 && rate <= 1)) fail("rate must be in [0, 1]", "rate=" + pythonRepr(rate));
  state->built = true;
}

void Dropout::build(const Shape &) {
  if (rate > 0 && rate < 1) random = add_random_state(given.seed);
}

Tensor Dropout::call(const Tensor &x) {
  if (!training() || rate == 0) return x;
  if (rate == 1) return x * 0;
  Shape shape = maskShape(*this, given.noise_shape, x.shape());
  return where(random_uniform(random, shape, x.dtype()) >= rate, x * (1 / (1 - rate)), 0);
}

Json Dropout::get_config() const {
  Json c = Layer::get_config();
  c["rate"] = rate;
  c["seed"] = given.seed;
  c["noise_shape"] = noiseShapeConfig(given.noise_shape);
  return c;
}

static const LayerRegistration registration("Dropout", [](const Json &c) {
  return Dropout(c.at("rate").asDouble(), withBase(DropoutOptions{.noise_shape = noiseShapeFrom(c), .seed = config::seed(c)}, c)).shared();
});

} // namespace cornu
