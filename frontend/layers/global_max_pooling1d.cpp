#include "frontend/layers/global_max_pooling1d.h"

#include "frontend/layers/options.h"

namespace cornu {

static const LayerRegistration registration("GlobalMaxPooling1D", [](const Json &c) {
  return GlobalMaxPooling1D(withBase(GlobalPoolingOptions{.data_format = config::text(c, "data_format", "channels_last"), .keepdims = config::flag(c, "keepdims", false)}, c)).shared();
});

} // namespace cornu
