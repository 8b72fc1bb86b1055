#include "frontend/layers/re_lu.h"

#include "frontend/activations/activations.h"
#include "frontend/layers/options.h"

namespace cornu {

ReLU::ReLU(ReLUOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  auto check = [&](const char *argument, double number) {
    if (!(number >= 0)) fail(std::string(argument) + " must not be negative", std::string(argument) + "=" + pythonRepr(number));
  };
  if (given.max_value) check("max_value", *given.max_value);
  check("negative_slope", given.negative_slope);
  check("threshold", given.threshold);
}

Tensor ReLU::call(const Tensor &x) {
  return activations::relu(x, {.negative_slope = given.negative_slope, .max_value = given.max_value, .threshold = given.threshold});
}

Json ReLU::get_config() const {
  Json c = Layer::get_config();
  c["max_value"] = given.max_value;
  c["negative_slope"] = given.negative_slope;
  c["threshold"] = given.threshold;
  return c;
}

static const LayerRegistration registration("ReLU", [](const Json &c) {
  return ReLU(withBase(ReLUOptions{.max_value = config::optionalNumber(c, "max_value"), .negative_slope = config::number(c, "negative_slope", 0),
                                   .threshold = config::number(c, "threshold", 0)}, c)).shared();
});

} // namespace cornu
