#include "frontend/layers/global_max_pooling2d.h"

#include "frontend/layers/options.h"

namespace cornu {

static const LayerRegistration registration("GlobalMaxPooling2D", [](const Json &c) {
  return GlobalMaxPooling2D(withBase(GlobalPoolingOptions{.data_format = config::text(c, "data_format", "channels_last"), .keepdims = config::flag(c, "keepdims", false)}, c)).shared();
});

} // namespace cornu
