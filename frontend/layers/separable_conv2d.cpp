#include "frontend/layers/separable_conv2d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

static const LayerRegistration registration("SeparableConv2D", [](const Json &c) {
  auto options = convolutionFrom<SeparableConvOptions>(c);
  options.depth_multiplier = config::integer(c, "depth_multiplier", 1);
  return SeparableConv2D(c.at("filters").asInt(), OneOrMany<int64_t>::from(c.at("kernel_size")), options).shared();
});

} // namespace cornu
