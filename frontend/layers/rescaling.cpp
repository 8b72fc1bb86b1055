#include "frontend/layers/rescaling.h"

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

namespace {
Variable constantOf(const std::string &layer, const char *name, const std::vector<double> &values, DType dtype) {
  Initializer initial([values](const Shape &shape, DType type) { return Array(values, shape).astype(type); });
  return Variable::create(name, layer + "/" + name, {static_cast<int64_t>(values.size())},
                          {.initializer = initial, .trainable = false, .dtype = dtype, .role = Role::State});
}
} // namespace

Rescaling::Rescaling(OneOrMany<double> scale, RescalingOptions options) : Layer(baseOf(options)), scale(std::move(scale)), given(std::move(options)) {}

void Rescaling::build(const Shape &) {
  if (!scale.isSingle()) scales = constantOf(name(), "scale", scale.list(), dtype());
  if (!given.offset.isSingle()) offsets = constantOf(name(), "offset", given.offset.list(), dtype());
}

Tensor Rescaling::call(const Tensor &x) {
  return cast(x, dtype()) * (scales ? Tensor(scales) : Tensor(scale.list()[0])) + (offsets ? Tensor(offsets) : Tensor(given.offset.list()[0]));
}

Json Rescaling::get_config() const {
  Json c = Layer::get_config();
  c["scale"] = scale.json();
  c["offset"] = given.offset.json();
  return c;
}

static const LayerRegistration registration("Rescaling", [](const Json &c) {
  const Json &offset = c.get("offset");
  return Rescaling(OneOrMany<double>::from(c.at("scale")),
                   withBase(RescalingOptions{.offset = offset.isNull() ? OneOrMany<double>(0.0) : OneOrMany<double>::from(offset)}, c)).shared();
});

} // namespace cornu
