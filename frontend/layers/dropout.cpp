#include "frontend/layers/dropout.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Dropout::Dropout(double rate, DropoutOptions options)
    : Layer({.name = options.name, .dtype = options.dtype, .input_shape = options.input_shape}), rate(rate), given(std::move(options)) {
  if (!(rate >= 0 && rate <= 1)) fail("rate must be in [0, 1]", "rate=" + pythonRepr(rate));
  state->built = true;
}

void Dropout::build(const Shape &) {
  if (rate > 0 && rate < 1) random = add_random_state(given.seed);
}

Tensor Dropout::call(const Tensor &x) {
  if (!training() || rate == 0) return x;
  if (rate == 1) return x * 0;
  Shape shape = x.shape();
  if (!given.noise_shape.empty()) {
    bool fits = given.noise_shape.size() == shape.size();
    for (size_t i = 0; fits && i < shape.size(); ++i) fits = given.noise_shape[i] < 0 || given.noise_shape[i] == 1 || given.noise_shape[i] == shape[i];
    if (!fits) fail("each extent of noise_shape must be None (-1), 1 or the input's", "noise_shape=" + shapeString(given.noise_shape) + " for " + shapeString(shape));
    for (size_t i = 0; i < shape.size(); ++i)
      if (given.noise_shape[i] >= 0) shape[i] = given.noise_shape[i];
  }
  return where(random_uniform(random, shape, x.dtype()) >= rate, x * (1 / (1 - rate)), 0);
}

Json Dropout::get_config() const {
  Json c = Layer::get_config();
  c["rate"] = rate;
  c["seed"] = given.seed;
  c["noise_shape"] = given.noise_shape.empty() ? Json() : Json::shape(given.noise_shape);
  return c;
}

static const LayerRegistration registration("Dropout", [](const Json &c) {
  LayerOptions base = config::layerOptions(c);
  const Json &noise = c.get("noise_shape");
  return Dropout(c.at("rate").asDouble(), {.noise_shape = noise.isNull() ? Shape{} : noise.asShape(), .seed = config::seed(c), .dtype = base.dtype, .name = base.name})
      .shared();
});

} // namespace cornu
