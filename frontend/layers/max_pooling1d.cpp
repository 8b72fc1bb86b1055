#include "frontend/layers/max_pooling1d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

static const LayerRegistration registration("MaxPooling1D", [](const Json &c) {
  PoolingOptions options;
  readWindows(options, c);
  return MaxPooling1D(OneOrMany<int64_t>::from(c.at("pool_size")), withBase(options, c)).shared();
});

} // namespace cornu
