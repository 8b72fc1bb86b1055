#include "frontend/layers/flatten.h"

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

Flatten::Flatten(FlattenOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  if (given.data_format != "channels_last" && given.data_format != "channels_first")
    fail("data_format must be 'channels_last' or 'channels_first'", "data_format='" + given.data_format + "'");
}

Tensor Flatten::call(const Tensor &x) {
  Tensor ordered = x;
  if (given.data_format == "channels_first" && x.rank() > 2) {
    std::vector<int64_t> axes = {0};
    for (int64_t i = 2; i < x.rank(); ++i) axes.push_back(i);
    axes.push_back(1);
    ordered = transpose(x, axes);
  }
  return reshape(ordered, {x.dim(0), -1});
}

Json Flatten::get_config() const {
  Json c = Layer::get_config();
  c["data_format"] = given.data_format;
  return c;
}

static const LayerRegistration registration("Flatten", [](const Json &c) {
  return Flatten(withBase(FlattenOptions{.data_format = config::text(c, "data_format", "channels_last")}, c)).shared();
});

} // namespace cornu
