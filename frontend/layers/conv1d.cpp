#include "frontend/layers/conv1d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

static const LayerRegistration registration("Conv1D", [](const Json &c) {
  auto options = convolutionFrom<ConvOptions>(c);
  options.groups = config::integer(c, "groups", 1);
  return Conv1D(c.at("filters").asInt(), OneOrMany<int64_t>::from(c.at("kernel_size")), options).shared();
});

} // namespace cornu
