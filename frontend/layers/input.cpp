#include "frontend/layers/input.h"

#include <algorithm>

#include "frontend/core/config.h"
#include "frontend/trace/Trace.h"

namespace cornu {

InputLayer::InputLayer(Shape inner, InputOptions options) : Layer({.name = options.name}), shape(std::move(inner)), given(std::move(options)) {
  for (int64_t extent : shape)
    if (extent < 1 && extent != -1) fail("every extent of shape must be positive; the batch is left out", "shape=" + shapeString(shape));
  if (given.batch_size && *given.batch_size < 1) fail("batch_size must be positive", "batch_size=" + std::to_string(*given.batch_size));
  auto known = dtypeFromName(given.dtype);
  if (!known) fail("unknown dtype", "dtype='" + given.dtype + "'");
  type = *known;
  trace::elementType(type); // throws if nothing can be computed with it
  state->built = true;
  shape.insert(shape.begin(), -1);
}

Json InputLayer::get_config() const {
  Shape batchShape = shape;
  if (given.batch_size) batchShape[0] = *given.batch_size;
  return Json::object({{"batch_shape", Json::shape(batchShape)}, {"dtype", given.dtype}, {"sparse", false}, {"ragged", false},
                       {"name", name()}, {"optional", given.optional}});
}

Tensor Input(const Shape &shape, const InputOptions &options) { return InputLayer(shape, options).symbol(); }

bool InputLayer::open() const { return std::count(shape.begin(), shape.end(), -1) > 1; }

bool InputLayer::fits(const Shape &extents) const {
  bool fit = extents.size() == shape.size() && extents[0] == shape[0];
  for (size_t i = 1; fit && i < shape.size(); ++i) fit = extents[i] > 0 && (shape[i] < 0 || extents[i] == shape[i]);
  return fit;
}

Tensor InputLayer::symbol() const {
  if (open()) fail("every extent of shape must be positive; the batch is left out", "shape=" + shapeString(std::span(shape).subspan(1)));
  return symbol(shape);
}

Tensor InputLayer::symbol(const Shape &extents) const {
  if (!fits(extents)) fail("data must have shape " + shapeString(shape), "shape=" + shapeString(extents));
  auto layer = shared();
  auto node = std::make_shared<Node>(Node{.layer = layer, .inputs = {}, .batch_size = given.batch_size, .output_shapes = {extents}, .output_dtypes = {type}, .output_masks = {std::nullopt}});
  layer->state->nodes.push_back(node);
  return Node::output(node);
}

static const LayerRegistration registration("InputLayer", [](const Json &c) {
  const Json &batchShape = c.contains("batch_shape") ? c.at("batch_shape") : c.at("batch_input_shape");
  Shape shape = batchShape.asShape();
  if (shape.empty()) throw UserError("InputLayer: batch_shape must name the batch", batchShape.dump());
  InputOptions options{.dtype = config::text(c, "dtype", "float32"), .name = config::text(c, "name", ""), .optional = config::flag(c, "optional", false)};
  if (shape[0] > 0) options.batch_size = shape[0];
  return InputLayer(Shape(shape.begin() + 1, shape.end()), options).shared();
});

} // namespace cornu
