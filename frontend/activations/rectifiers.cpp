// Activations that are linear on one side. Derivatives at the kinks are those of Keras on TensorFlow: a branch of `where` that is not
// taken gives none, a tie of maximum or minimum goes to the first operand.
#include "frontend/activations/activations.h"
#include "frontend/ops/ops.h"

namespace cornu::activations {

namespace {
/// alpha (e^x - 1) for x up to 0; cut off above, where e^x would overflow.
Tensor exponentialBelow(const Tensor &x, double alpha) {
  Tensor y = expm1(minimum(x, 0));
  return alpha == 1 ? y : alpha * y;
}
constexpr double seluAlpha = 1.6732632423543772848170429916717, seluScale = 1.0507009873554804934193349852946;
} // namespace

Tensor relu(const Tensor &x) { return cornu::relu(x); }
Tensor relu6(const Tensor &x) { return where(x >= 6, 6, cornu::relu(x)); }

Tensor relu(const Tensor &x, const ReluOptions &o) {
  if (o.negative_slope != 0 && !o.max_value && o.threshold == 0) return leaky_relu(x, o.negative_slope);
  bool six = o.threshold == 0 && o.max_value == 6;
  Tensor y = o.threshold != 0 ? where(x > o.threshold, x, 0) : six ? relu6(x) : cornu::relu(x);
  if (o.max_value && !six) y = clip(y, 0, *o.max_value);
  if (o.negative_slope != 0) y = y - o.negative_slope * cornu::relu(o.threshold - x);
  return y;
}

Tensor leaky_relu(const Tensor &x, double negative_slope) { return where(x > 0, x, negative_slope * x); }
Tensor leaky_relu(const Tensor &x) { return leaky_relu(x, 0.2); }
Tensor elu(const Tensor &x, double alpha) { return where(x > 0, x, exponentialBelow(x, alpha)); }
Tensor elu(const Tensor &x) { return elu(x, 1); }
Tensor selu(const Tensor &x) { return where(x >= 0, seluScale * x, exponentialBelow(x, seluScale * seluAlpha)); }
Tensor celu(const Tensor &x, double alpha) { return maximum(x, 0) + alpha * expm1(minimum(x, 0) / alpha); }
Tensor celu(const Tensor &x) { return celu(x, 1); }
Tensor threshold(const Tensor &x, double threshold, double default_value) { return where(x > threshold, x, default_value); }
Tensor hard_shrink(const Tensor &x, double threshold) { return where(abs(x) > threshold, x, 0); }
Tensor hard_shrink(const Tensor &x) { return hard_shrink(x, 0.5); }
Tensor soft_shrink(const Tensor &x, double threshold) { return where(x > threshold, x - threshold, where(x < -threshold, x + threshold, 0)); }
Tensor soft_shrink(const Tensor &x) { return soft_shrink(x, 0.5); }
Tensor sparse_plus(const Tensor &x) { return where(x <= -1, 0, where(x >= 1, x, 0.25 * square(x + 1))); }

} // namespace cornu::activations
