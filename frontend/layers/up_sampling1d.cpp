#include "frontend/layers/up_sampling1d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

UpSampling1D::UpSampling1D(int64_t size, UpSampling1DOptions options) : Layer(baseOf(options)), size(size) {
  if (size < 1) fail("size must be positive", "size=" + std::to_string(size));
}

Tensor UpSampling1D::call(const Tensor &x) {
  channelsOf(*this, x.shape(), "channels_last", 1);
  return repeat(x, size, 1);
}

Json UpSampling1D::get_config() const {
  Json c = Layer::get_config();
  c["size"] = size;
  return c;
}

static const LayerRegistration registration("UpSampling1D", [](const Json &c) {
  return UpSampling1D(config::integer(c, "size", 2), withBase(UpSampling1DOptions{}, c)).shared();
});

} // namespace cornu
