#include "codegen/Compiler.h"
#include "frontend/trace/Trace.h"

namespace cornu::trace {

mlir::MLIRContext &context() {
  // Never destroyed: models with static storage may outlive any order of destruction.
  static mlir::MLIRContext *instance = codegen::makeContext().release();
  return *instance;
}

} // namespace cornu::trace
