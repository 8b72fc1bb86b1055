#include "ir/CornuOps.h"

namespace cornu::ir {
using namespace mlir;

LogicalResult KernelOp::verify() {
  Block &body = getBody().front();
  if (body.getArgumentTypes() != getInputs().getTypes())
    return emitOpError("needs one block argument for each input, of its type. Received: ")
           << body.getNumArguments() << " arguments for " << getInputs().size() << " inputs";
  auto yield = llvm::dyn_cast<YieldOp>(body.back());
  if (!yield || yield.getValues().getTypes() != getResultTypes())
    return emitOpError("needs a cornu.yield with the types of its results at the end of its body");
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!symbols.lookupNearestSymbolFrom(*this, getKernelAttr()))
    return emitOpError("needs a kernel of this name in the module. Received: ") << getKernelAttr();
  return success();
}

} // namespace cornu::ir
