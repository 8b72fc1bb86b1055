#include "frontend/layers/max_pooling2d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

static const LayerRegistration registration("MaxPooling2D", [](const Json &c) {
  PoolingOptions options;
  readWindows(options, c);
  return MaxPooling2D(OneOrMany<int64_t>::from(c.at("pool_size")), withBase(options, c)).shared();
});

} // namespace cornu
