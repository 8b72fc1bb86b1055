#include "ir/CornuOps.h"
#include "ir/interpreter/Interpreter.h"
#include "passes/Passes.h"
#include "runtime/errors.h"

namespace cornu::passes {
#define GEN_PASS_DEF_FOLDCONSTANTSPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

/// A result of more elements may be larger than what it is computed from, and is then computed when it is needed.
constexpr int64_t smallResult = 1024;

bool canFold(Operation *op) {
  if (op->getNumRegions() || op->getNumOperands() == 0 || op->getNumResults() != 1 || !isPure(op))
    return false;
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || !type.hasStaticShape())
    return false;
  int64_t given = 0;
  for (Value operand : op->getOperands()) {
    if (!operand.getDefiningOp<ir::ConstantOp>())
      return false;
    given += cast<RankedTensorType>(operand.getType()).getNumElements();
  }
  return type.getNumElements() <= std::max(given, smallResult);
}

/// A function of its own for the op, which the interpreter runs.
Array evaluate(Operation *op) {
  OpBuilder b(op->getContext());
  OwningOpRef<ModuleOp> module = ModuleOp::create(op->getLoc());
  b.setInsertionPointToEnd(module->getBody());
  auto function = func::FuncOp::create(b, op->getLoc(), "constant", b.getFunctionType({}, op->getResultTypes()));
  b.setInsertionPointToStart(function.addEntryBlock());
  IRMapping mapping;
  for (Value operand : op->getOperands())
    if (!mapping.contains(operand))
      b.clone(*operand.getDefiningOp(), mapping);
  func::ReturnOp::create(b, op->getLoc(), b.clone(*op, mapping)->getResults());
  return interpreter::run(function, {}).front();
}

DenseElementsAttr attributeOf(const Array &array, RankedTensorType type) {
  if (!type.getElementType().isInteger(1))
    return DenseElementsAttr::getFromRawBuffer(type, ArrayRef(static_cast<const char *>(array.raw()), array.bytes()));
  SmallVector<bool> bits;
  for (int64_t i = 0; i < array.size(); ++i)
    bits.push_back(array.at(i) != 0);
  return DenseElementsAttr::get(type, bits);
}

struct FoldConstantsPass : impl::FoldConstantsPassBase<FoldConstantsPass> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      if (!canFold(op))
        return;
      try {
        OpBuilder b(op);
        auto type = cast<RankedTensorType>(op->getResult(0).getType());
        op->getResult(0).replaceAllUsesWith(ir::ConstantOp::create(b, op->getLoc(), attributeOf(evaluate(op), type)));
        op->erase();
      } catch (const UserError &) {
        // What the interpreter has no value for stays as it is, and is diagnosed where it is lowered.
      }
    });
  }
};

} // namespace

} // namespace cornu::passes
