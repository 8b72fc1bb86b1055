#include "frontend/layers/up_sampling2d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

UpSampling2D::UpSampling2D(OneOrMany<int64_t> size, UpSampling2DOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  this->size = ops::perAxis(titleOf(*this), "size", size, 2);
  checkDataFormat(*this, given.data_format);
  if (given.interpolation != "nearest") ops::checkInterpolation(titleOf(*this), given.interpolation);
}

Tensor UpSampling2D::call(const Tensor &x) {
  channelsOf(*this, x.shape(), given.data_format, 2);
  Tensor y = x;
  int64_t axis = given.data_format == "channels_last" ? 1 : 2;
  for (int64_t factor : size) {
    y = given.interpolation == "nearest" ? repeat(y, factor, axis) : ops::resampled(y, axis, x.dim(axis) * factor, given.interpolation);
    ++axis;
  }
  return y;
}

Json UpSampling2D::get_config() const {
  Json c = Layer::get_config();
  c["size"] = size;
  c["data_format"] = given.data_format;
  c["interpolation"] = given.interpolation;
  return c;
}

static const LayerRegistration registration("UpSampling2D", [](const Json &c) {
  return UpSampling2D(c.contains("size") ? OneOrMany<int64_t>::from(c.at("size")) : OneOrMany<int64_t>(2),
                      withBase(UpSampling2DOptions{.data_format = config::text(c, "data_format", "channels_last"),
                                                   .interpolation = config::text(c, "interpolation", "nearest")}, c)).shared();
});

} // namespace cornu
