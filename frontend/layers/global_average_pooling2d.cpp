#include "frontend/layers/global_average_pooling2d.h"

#include "frontend/layers/options.h"

namespace cornu {

static const LayerRegistration registration("GlobalAveragePooling2D", [](const Json &c) {
  return GlobalAveragePooling2D(withBase(GlobalPoolingOptions{.data_format = config::text(c, "data_format", "channels_last"), .keepdims = config::flag(c, "keepdims", false)}, c)).shared();
});

} // namespace cornu
