#include "frontend/layers/average_pooling2d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

static const LayerRegistration registration("AveragePooling2D", [](const Json &c) {
  PoolingOptions options;
  readWindows(options, c);
  return AveragePooling2D(OneOrMany<int64_t>::from(c.at("pool_size")), withBase(options, c)).shared();
});

} // namespace cornu
