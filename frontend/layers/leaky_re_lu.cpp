#include "frontend/layers/leaky_re_lu.h"

#include "frontend/activations/activations.h"
#include "frontend/layers/options.h"

namespace cornu {

LeakyReLU::LeakyReLU(LeakyReLUOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  if (!(given.negative_slope >= 0)) fail("negative_slope must not be negative", "negative_slope=" + pythonRepr(given.negative_slope));
}

Tensor LeakyReLU::call(const Tensor &x) { return activations::leaky_relu(x, given.negative_slope); }

Json LeakyReLU::get_config() const {
  Json c = Layer::get_config();
  c["negative_slope"] = given.negative_slope;
  return c;
}

static const LayerRegistration registration("LeakyReLU", [](const Json &c) {
  // Keras 2 wrote it as alpha.
  double slope = config::number(c, "negative_slope", config::number(c, "alpha", 0.3));
  return LeakyReLU(withBase(LeakyReLUOptions{.negative_slope = slope}, c)).shared();
});

} // namespace cornu
