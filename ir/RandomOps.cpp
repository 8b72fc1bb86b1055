#include "ir/CornuOps.h"
#include "ir/Shape.h"

namespace cornu::ir {
using namespace mlir;

LogicalResult RandomUniformOp::verify() {
  if (tensorType(getState()).getShape() != ArrayRef<int64_t>{2})
    return emitOpError("needs a state of two numbers, (seed, step). Received: shape ") << shapeText(tensorType(getState()).getShape());
  return success();
}

} // namespace cornu::ir
