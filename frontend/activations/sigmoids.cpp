// Activations that level off on both sides, and the smooth rectifiers made of them.
#include <cmath>
#include <numbers>

#include "frontend/activations/activations.h"
#include "frontend/ops/ops.h"

namespace cornu::activations {

Tensor sigmoid(const Tensor &x) { return cornu::sigmoid(x); }
Tensor tanh(const Tensor &x) { return cornu::tanh(x); }
Tensor hard_sigmoid(const Tensor &x) { return relu6(x + 3) / 6; }
Tensor hard_tanh(const Tensor &x) { return clip(x, -1, 1); }
Tensor sparse_sigmoid(const Tensor &x) { return where(x <= -1, 0, where(x >= 1, 1, 0.5 * (x + 1))); }
Tensor log_sigmoid(const Tensor &x) { return -cornu::softplus(-x); }
Tensor softsign(const Tensor &x) { return x / (1 + abs(x)); }

Tensor gelu(const Tensor &x) { return 0.5 * x * (1 + erf(x / std::numbers::sqrt2)); }
Tensor gelu(const Tensor &x, const GeluOptions &options) {
  if (!options.approximate) return gelu(x);
  return 0.5 * x * (1 + cornu::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * (x * square(x)))));
}
Tensor silu(const Tensor &x) { return x * cornu::sigmoid(x); }
Tensor hard_silu(const Tensor &x) { return x * hard_sigmoid(x); }
Tensor mish(const Tensor &x) { return x * cornu::tanh(cornu::softplus(x)); }
Tensor softplus(const Tensor &x) { return cornu::softplus(x); }
Tensor squareplus(const Tensor &x, double b) { return 0.5 * (x + sqrt(square(x) + b)); }
Tensor squareplus(const Tensor &x) { return squareplus(x, 4); }
Tensor exponential(const Tensor &x) { return exp(x); }
Tensor tanh_shrink(const Tensor &x) { return x - cornu::tanh(x); }

} // namespace cornu::activations
