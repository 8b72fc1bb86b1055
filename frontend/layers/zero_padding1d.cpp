#include "frontend/layers/zero_padding1d.h"

#include "frontend/layers/windowed.h"

namespace cornu {

ZeroPadding1D::ZeroPadding1D(const Edges &padding, ZeroPadding1DOptions options) : Layer(baseOf(options)), padding(padding.over(1)), given(std::move(options)) {
  checkEdges(*this, "padding", this->padding, "one number, or one for each end");
  checkDataFormat(*this, given.data_format);
}

Tensor ZeroPadding1D::call(const Tensor &x) {
  channelsOf(*this, x.shape(), given.data_format, 1);
  std::vector<std::array<int64_t, 2>> width = padding;
  bool last = given.data_format == "channels_last";
  width.insert(width.begin(), last ? 1 : 2, {0, 0});
  if (last) width.push_back({0, 0});
  return pad(x, width);
}

Json ZeroPadding1D::get_config() const {
  Json c = Layer::get_config();
  c["padding"] = writeEdges(padding);
  c["data_format"] = given.data_format;
  return c;
}

static const LayerRegistration registration("ZeroPadding1D", [](const Json &c) {
  return ZeroPadding1D(Edges::from(c.at("padding")), withBase(ZeroPadding1DOptions{.data_format = config::text(c, "data_format", "channels_last")}, c)).shared();
});

} // namespace cornu
