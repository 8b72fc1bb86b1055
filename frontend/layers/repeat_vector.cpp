#include "frontend/layers/repeat_vector.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

RepeatVector::RepeatVector(int64_t n, LayerOptions options) : Layer(std::move(options)), n(n) {
  if (n < 1) fail("n must be positive", "n=" + std::to_string(n));
}

Tensor RepeatVector::call(const Tensor &x) {
  if (x.rank() != 2) fail("the input must have 2 axes", "shape=" + shapeString(x.shape()));
  return broadcast_to(expand_dims(x, 1), {x.dim(0), n, x.dim(1)});
}

Json RepeatVector::get_config() const {
  Json c = Layer::get_config();
  c["n"] = n;
  return c;
}

static const LayerRegistration registration("RepeatVector", [](const Json &c) { return RepeatVector(c.at("n").asInt(), config::layerOptions(c)).shared(); });

} // namespace cornu
