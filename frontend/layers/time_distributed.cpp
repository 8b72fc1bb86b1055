#include "frontend/layers/time_distributed.h"

#include <algorithm>

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"
#include "frontend/saving/model_config.h"
#include "frontend/trace/Trace.h"

namespace cornu {

TimeDistributed::TimeDistributed(AnyLayer given, LayerOptions options) : Layer(std::move(options)), layer(std::move(given)) {
  if (!layer) fail("takes a layer", "nothing");
}

void TimeDistributed::build(const Shape &input) {
  if (input.size() < 3) fail("the input must have at least 3 axes: batch, time, features", "shape=" + shapeString(input));
  Shape step = input;
  step.erase(step.begin() + 1);
  trace::Scope scope(layer.name());
  layer->ensureBuilt({step});
}

/// As Keras does, without what belongs to a call of its own: an activity regularizer of the layer's does not count.
Tensor TimeDistributed::ofStep(const Tensor &x, const Tensor &mask) {
  trace::Trace &t = trace::here();
  trace::Scope scope(layer.name());
  std::vector<std::string> takes = layer->call_arguments();
  bool masked = mask && std::find(takes.begin(), takes.end(), "mask") != takes.end();
  t.callers.push_back(layer.shared().get());
  Tensors made = layer->callOn({masked ? with_mask(x, mask) : x});
  t.callers.pop_back();
  if (made.size() != 1) fail("takes a layer with one result", std::to_string(made.size()));
  return made[0];
}

Tensor TimeDistributed::call(const Tensor &x) {
  Tensor mask = x.mask();
  if (mask && (mask.rank() < 2 || mask.dim(1) != x.dim(1)))
    fail("the mask must begin with the batch and time of the input", "mask of shape " + shapeString(mask.shape()) + " for " + shapeString(x.shape()));
  Tensors sequences = {x};
  if (mask) sequences.push_back(mask);
  auto step = [&](const Tensors &, const Tensors &slices) { return ScanStep{{}, {ofStep(slices[0], mask ? slices[1] : Tensor())}}; };
  return scan(step, {}, sequences, {.axis = 1}).outputs[0];
}

Json TimeDistributed::get_config() const {
  Json c = Layer::get_config();
  c["layer"] = saving::layerEnvelope(*layer);
  return c;
}

static const LayerRegistration registration("TimeDistributed", [](const Json &c) {
  return TimeDistributed(AnyLayer(BaseLayer::deserialize(c.at("layer"))), config::layerOptions(c)).shared();
});

} // namespace cornu
