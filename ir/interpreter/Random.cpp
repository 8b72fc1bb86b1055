#include "ir/interpreter/Evaluate.h"
#include "runtime/philox.h"

namespace cornu::interpreter {

std::optional<Array> evaluateRandom(const Call &call) {
  if (!llvm::isa<ir::RandomUniformOp>(call.op)) return std::nullopt;
  const int64_t *state = call.operands[0].data<int64_t>(); // (seed, step)
  Array y = Array::uninitialized(call.shape, call.dtype);
  withFloat(call.dtype, [&]<class T>() {
    for (int64_t i = 0; i < y.size(); ++i) elements<T>(y)[i] = T(philox::uniform(philox::element(state[0], state[1], i / 2)[i % 2]));
    return 0;
  });
  return y;
}

} // namespace cornu::interpreter
