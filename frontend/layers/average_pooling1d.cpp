#include "frontend/layers/average_pooling1d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

static const LayerRegistration registration("AveragePooling1D", [](const Json &c) {
  PoolingOptions options;
  readWindows(options, c);
  return AveragePooling1D(OneOrMany<int64_t>::from(c.at("pool_size")), withBase(options, c)).shared();
});

} // namespace cornu
