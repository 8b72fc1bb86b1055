#include "frontend/layers/dot.h"

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

Dot::Dot(OneOrMany<int64_t> axes, DotOptions options) : Layer(baseOf(options)), axes(std::move(axes)), given(std::move(options)) {
  if (!this->axes.isSingle() && this->axes.list().size() != 2) fail("axes must be one axis or two", "axes=" + shapeString(this->axes.list()));
}

Tensor Dot::call(const Tensors &xs) {
  if (xs.size() != 2) fail("must be called on exactly 2 tensors", std::to_string(xs.size()));
  std::string letters[2], next = "ijklmnopqrstuvwxyz";
  Tensor operands[2];
  int64_t summed[2];
  size_t used = 0;
  for (size_t i = 0; i < 2; ++i) {
    const Tensor &x = xs[i];
    int64_t axis = axes.list()[axes.isSingle() ? 0 : i];
    summed[i] = axis < 0 ? axis + x.rank() : axis;
    if (summed[i] < 1 || summed[i] >= x.rank())
      fail("axes must name an axis of each tensor, not the batch", "axis " + std::to_string(axis) + " for " + shapeString(x.shape()));
    for (int64_t d = 0; d < x.rank(); ++d) letters[i] += d == 0 ? 'b' : d == summed[i] ? 'c' : next.at(used++);
    // Length 1, as keras.ops.normalize: x / max(|x|, 1e-7).
    operands[i] = given.normalize ? x * rsqrt(maximum(sum(square(x), static_cast<int>(summed[i]), {.keepdims = true}), 1e-14)) : x;
  }
  if (xs[0].dim(summed[0]) != xs[1].dim(summed[1]))
    fail("the axes must have the same extent", shapeString(xs[0].shape()) + " and " + shapeString(xs[1].shape()));
  std::string result = "b";
  for (const std::string &term : letters)
    for (char letter : term)
      if (letter != 'b' && letter != 'c') result += letter;
  if (result == "b") return sum(operands[0] * operands[1], 1, {.keepdims = true});
  return einsum(letters[0] + "," + letters[1] + "->" + result, operands[0], operands[1]);
}

Json Dot::get_config() const {
  Json c = Layer::get_config();
  c["axes"] = axes.json();
  c["normalize"] = given.normalize;
  return c;
}

static const LayerRegistration registration("Dot", [](const Json &c) {
  return Dot(OneOrMany<int64_t>::from(c.at("axes")), withBase(DotOptions{.normalize = config::flag(c, "normalize", false)}, c)).shared();
});

} // namespace cornu
