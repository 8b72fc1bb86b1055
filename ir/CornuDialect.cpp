// Registration of the dialect, and what TableGen generates for it.
#include "ir/CornuDialect.h"

#include "ir/CornuOps.h"
#include "mlir/IR/DialectImplementation.h"

#include "ir/CornuDialect.cpp.inc"
#include "ir/CornuEnums.cpp.inc"
#include "ir/Differentiable.cpp.inc"

#define GET_OP_CLASSES
#include "ir/CornuOps.cpp.inc"

namespace cornu::ir {

void CornuDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "ir/CornuOps.cpp.inc"
      >();
}

// Folders return attributes; this turns one into an op.
mlir::Operation *CornuDialect::materializeConstant(mlir::OpBuilder &builder, mlir::Attribute value, mlir::Type type, mlir::Location loc) {
  auto elements = llvm::dyn_cast<mlir::ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstantOp::create(builder, loc, elements);
}

} // namespace cornu::ir
