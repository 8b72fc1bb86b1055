#include "frontend/layers/zero_padding2d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

ZeroPadding2D::ZeroPadding2D(const Edges &padding, ZeroPadding2DOptions options) : Layer(baseOf(options)), padding(padding.over(2)), given(std::move(options)) {
  checkEdges(*this, "padding", this->padding, "one number, one for rows and one for columns, or two for each");
  checkDataFormat(*this, given.data_format);
}

Tensor ZeroPadding2D::call(const Tensor &x) {
  channelsOf(*this, x.shape(), given.data_format, 2);
  std::vector<std::array<int64_t, 2>> width = padding;
  bool last = given.data_format == "channels_last";
  width.insert(width.begin(), last ? 1 : 2, {0, 0});
  if (last) width.push_back({0, 0});
  return pad(x, width);
}

Json ZeroPadding2D::get_config() const {
  Json c = Layer::get_config();
  c["padding"] = writeEdges(padding);
  c["data_format"] = given.data_format;
  return c;
}

static const LayerRegistration registration("ZeroPadding2D", [](const Json &c) {
  return ZeroPadding2D(Edges::from(c.at("padding")), withBase(ZeroPadding2DOptions{.data_format = config::text(c, "data_format", "channels_last")}, c)).shared();
});

} // namespace cornu
