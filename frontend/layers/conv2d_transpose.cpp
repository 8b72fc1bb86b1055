#include "frontend/layers/conv2d_transpose.h"

#include "frontend/layers/windowed.h"

namespace cornu {

static const LayerRegistration registration("Conv2DTranspose", [](const Json &c) {
  auto options = convolutionFrom<TransposedConvOptions>(c);
  if (const Json &more = c.get("output_padding"); !more.isNull()) options.output_padding = OneOrMany<int64_t>::from(more);
  return Conv2DTranspose(c.at("filters").asInt(), OneOrMany<int64_t>::from(c.at("kernel_size")), options).shared();
});

} // namespace cornu
