#include "frontend/layers/cropping2d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

Cropping2D::Cropping2D(const Edges &cropping, Cropping2DOptions options) : Layer(baseOf(options)), cropping(cropping.over(2)), given(std::move(options)) {
  checkEdges(*this, "cropping", this->cropping, "one number, one for rows and one for columns, or two for each");
  checkDataFormat(*this, given.data_format);
}

Tensor Cropping2D::call(const Tensor &x) {
  channelsOf(*this, x.shape(), given.data_format, 2);
  Tensor y = x;
  int64_t axis = given.data_format == "channels_last" ? 1 : 2;
  for (auto [before, after] : cropping) {
    int64_t extent = x.dim(axis);
    if (before + after >= extent) fail("something must be left of the input", "cropping " + std::to_string(before) + " and " + std::to_string(after) + " of shape=" + shapeString(x.shape()));
    y = slice(y, axis++, before, extent - after);
  }
  return y;
}

Json Cropping2D::get_config() const {
  Json c = Layer::get_config();
  c["cropping"] = writeEdges(cropping);
  c["data_format"] = given.data_format;
  return c;
}

static const LayerRegistration registration("Cropping2D", [](const Json &c) {
  return Cropping2D(Edges::from(c.at("cropping")), withBase(Cropping2DOptions{.data_format = config::text(c, "data_format", "channels_last")}, c)).shared();
});

} // namespace cornu
