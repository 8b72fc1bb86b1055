// Variables and their uses; the type of a gradient.
#include "ir/CornuOps.h"
#include "ir/Shape.h"

namespace cornu::ir {
using namespace mlir;

LogicalResult VariableOp::verify() {
  auto type = llvm::cast<RankedTensorType>(getType());
  if (!type.hasStaticShape())
    return emitOpError("needs a static shape, as it outlives the batch. Received: ") << shapeText(type.getShape());
  return success();
}

static LogicalResult verifyUse(Operation *op, SymbolTableCollection &symbols, FlatSymbolRefAttr name, Type type) {
  auto variable = symbols.lookupNearestSymbolFrom<VariableOp>(op, name);
  if (!variable)
    return op->emitOpError("needs a cornu.variable of this name in the module. Received: ") << name;
  if (variable.getType() != type)
    return op->emitOpError("needs the type of the variable, ") << variable.getType() << ". Received: " << type;
  return success();
}

LogicalResult ReadOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyUse(*this, symbols, getVariableAttr(), getY().getType());
}

LogicalResult AssignOp::verifySymbolUses(SymbolTableCollection &symbols) {
  for (Operation *before = (*this)->getPrevNode(); before; before = before->getPrevNode())
    if (auto assign = llvm::dyn_cast<AssignOp>(before); assign && assign.getVariableAttr() == getVariableAttr())
      return emitOpError("assigns a variable at most once in a function. Received: ") << getVariableAttr() << " again";
  return verifyUse(*this, symbols, getVariableAttr(), getValue().getType());
}

LogicalResult GradientOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  llvm::append_range(types, adaptor.getWrt().getTypes());
  return success();
}

} // namespace cornu::ir
