#include "frontend/layers/reshape.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Reshape::Reshape(Shape target_shape, LayerOptions options) : Layer(std::move(options)), target(std::move(target_shape)) {
  int inferred = 0;
  for (int64_t extent : target) {
    if (extent < -1 || extent == 0) fail("every extent of target_shape must be positive or -1", "target_shape=" + shapeString(target));
    inferred += extent == -1;
  }
  if (inferred > 1) fail("only one extent of target_shape may be -1", "target_shape=" + shapeString(target));
  state->built = true;
}

Tensor Reshape::call(const Tensor &x) {
  Shape shape = target;
  shape.insert(shape.begin(), x.dim(0));
  int64_t have = 1, want = 1;
  bool inferred = false;
  for (size_t i = 1; i < x.shape().size(); ++i) have *= x.shape()[i];
  for (int64_t extent : target) extent < 0 ? void(inferred = true) : void(want *= extent);
  if (inferred ? have % want != 0 : have != want)
    fail("target_shape must have as many elements as a row of the input", "target_shape=" + shapeString(target) + " for " + shapeString(x.shape()));
  return reshape(x, shape);
}

Json Reshape::get_config() const {
  Json c = Layer::get_config();
  Json::List extents;
  for (int64_t extent : target) extents.push_back(extent);
  c["target_shape"] = extents;
  return c;
}

static const LayerRegistration registration("Reshape", [](const Json &c) {
  Shape target;
  for (const Json &extent : c.at("target_shape").asList()) target.push_back(extent.isNull() ? -1 : extent.asInt());
  return Reshape(target, config::layerOptions(c)).shared();
});

} // namespace cornu
