#include "frontend/layers/cropping1d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

Cropping1D::Cropping1D(const Edges &cropping, Cropping1DOptions options) : Layer(baseOf(options)), cropping(cropping.over(1)), given(std::move(options)) {
  checkEdges(*this, "cropping", this->cropping, "one number, or one for each end");
}

Tensor Cropping1D::call(const Tensor &x) {
  channelsOf(*this, x.shape(), "channels_last", 1);
  Tensor y = x;
  int64_t axis = 1;
  for (auto [before, after] : cropping) {
    int64_t extent = x.dim(axis);
    if (before + after >= extent) fail("something must be left of the input", "cropping " + std::to_string(before) + " and " + std::to_string(after) + " of shape=" + shapeString(x.shape()));
    y = slice(y, axis++, before, extent - after);
  }
  return y;
}

Json Cropping1D::get_config() const {
  Json c = Layer::get_config();
  c["cropping"] = writeEdges(cropping);
  return c;
}

static const LayerRegistration registration("Cropping1D", [](const Json &c) {
  return Cropping1D(Edges::from(c.at("cropping")), withBase(Cropping1DOptions{}, c)).shared();
});

} // namespace cornu
