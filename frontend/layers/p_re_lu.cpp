#include "frontend/layers/p_re_lu.h"

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

PReLU::PReLU(PReLUOptions options) : Layer(baseOf(options)), given(std::move(options)) {}

void PReLU::build(const Shape &input) {
  Shape shape(input.begin() + 1, input.end());
  for (int64_t axis : given.shared_axes) {
    if (axis < 1 || axis > static_cast<int64_t>(shape.size()))
      fail("shared_axes must name axes of the input, 1 being the first after the batch", "axis " + std::to_string(axis) + " for " + shapeString(input));
    shape[static_cast<size_t>(axis) - 1] = 1;
  }
  alpha = add_weight("alpha", shape, {.initializer = given.alpha_initializer, .regularizer = given.alpha_regularizer, .constraint = given.alpha_constraint});
}

// Both derivatives are 0 at 0.
Tensor PReLU::call(const Tensor &x) { return relu(x) - alpha * relu(-x); }

Json PReLU::get_config() const {
  Json c = Layer::get_config();
  c["alpha_initializer"] = config::serialize(given.alpha_initializer);
  c["alpha_regularizer"] = config::serialize(given.alpha_regularizer);
  c["alpha_constraint"] = config::serialize(given.alpha_constraint);
  c["shared_axes"] = given.shared_axes.empty() ? Json() : Json(given.shared_axes);
  return c;
}

static const LayerRegistration registration("PReLU", [](const Json &c) {
  const Json &axes = c.get("shared_axes");
  return PReLU(withBase(PReLUOptions{.alpha_initializer = config::initializer(c, "alpha_initializer", "zeros"),
                                     .alpha_regularizer = config::regularizer(c, "alpha_regularizer"), .alpha_constraint = config::constraint(c, "alpha_constraint"),
                                     .shared_axes = axes.isNull() ? std::vector<int64_t>() : OneOrMany<int64_t>::from(axes).list()}, c)).shared();
});

} // namespace cornu
