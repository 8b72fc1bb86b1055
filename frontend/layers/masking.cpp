#include "frontend/layers/masking.h"

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

Masking::Masking(MaskingOptions options) : Layer(baseOf(options)), given(std::move(options)) { state->built = true; }

Tensor Masking::call(const Tensor &x) {
  Tensor counts = any(not_equal(x, given.mask_value), -1, {.keepdims = true});
  return with_mask(where(counts, x, 0), squeeze(counts, -1));
}

Json Masking::get_config() const {
  Json c = Layer::get_config();
  c["mask_value"] = given.mask_value;
  return c;
}

static const LayerRegistration registration("Masking", [](const Json &c) {
  return Masking(withBase(MaskingOptions{.mask_value = config::number(c, "mask_value", 0)}, c)).shared();
});

} // namespace cornu
