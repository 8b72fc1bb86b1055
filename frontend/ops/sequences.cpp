// Tensors made of nothing but numbers: counts and noise.
#include <numbers>

#include "frontend/ops/emit.h"

namespace cornu {
using namespace ops;

Tensor arange(int64_t count, DType dtype) {
  trace::Trace &t = trace::here();
  return cast(t.wrap(ir::IotaOp::create(t.builder, t.location(), trace::tensorType({count}, DType::Int32), 0)), dtype);
}

Tensor random_normal(const Variable &state, const Shape &shape, DType dtype) {
  // Box and Muller: √(-2 ln u) cos(2π v) for u in (0, 1].
  Tensor u = 1 - random_uniform(state, shape, dtype), v = random_uniform(state, shape, dtype);
  return sqrt(-2 * log(u)) * cos(2 * std::numbers::pi * v);
}

} // namespace cornu
