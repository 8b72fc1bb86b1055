#include "frontend/layers/permute.h"

#include <algorithm>

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Permute::Permute(std::vector<int64_t> given, LayerOptions options) : Layer(std::move(options)), dims(std::move(given)) {
  std::vector<int64_t> sorted = dims;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < sorted.size(); ++i)
    if (sorted[i] != static_cast<int64_t>(i) + 1) fail("dims must hold each of 1, 2, … once", "dims=" + shapeString(dims));
}

Tensor Permute::call(const Tensor &x) {
  if (x.rank() != static_cast<int64_t>(dims.size()) + 1)
    fail("the input must have one axis more than dims names", "shape=" + shapeString(x.shape()) + " for dims=" + shapeString(dims));
  std::vector<int64_t> axes = {0};
  axes.insert(axes.end(), dims.begin(), dims.end());
  return transpose(x, axes);
}

Json Permute::get_config() const {
  Json c = Layer::get_config();
  c["dims"] = dims;
  return c;
}

static const LayerRegistration registration("Permute", [](const Json &c) { return Permute(c.at("dims").asShape(), config::layerOptions(c)).shared(); });

} // namespace cornu
