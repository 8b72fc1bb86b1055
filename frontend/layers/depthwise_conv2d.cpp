#include "frontend/layers/depthwise_conv2d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

static const LayerRegistration registration("DepthwiseConv2D", [](const Json &c) {
  auto options = convolutionFrom<DepthwiseConvOptions>(c);
  options.depth_multiplier = config::integer(c, "depth_multiplier", 1);
  return DepthwiseConv2D(OneOrMany<int64_t>::from(c.at("kernel_size")), options).shared();
});

} // namespace cornu
