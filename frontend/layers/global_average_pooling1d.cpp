#include "frontend/layers/global_average_pooling1d.h"

#include "frontend/layers/options.h"

namespace cornu {

Tensor GlobalAveragePooling1D::call(const Tensor &x) {
  std::vector<int64_t> steps = axesFor(x);
  if (!x.masked()) return mean(x, steps, {.keepdims = given.keepdims});
  Tensor counts = expand_dims(x.mask(), given.data_format == "channels_last" ? 2 : 1);
  return sum(where(counts, x, 0), steps, {.keepdims = given.keepdims}) / sum(cast(counts, x.dtype()), steps, {.keepdims = given.keepdims});
}

static const LayerRegistration registration("GlobalAveragePooling1D", [](const Json &c) {
  return GlobalAveragePooling1D(withBase(GlobalPoolingOptions{.data_format = config::text(c, "data_format", "channels_last"), .keepdims = config::flag(c, "keepdims", false)}, c)).shared();
});

} // namespace cornu
