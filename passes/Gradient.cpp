// cornu-gradient: reverse-mode differentiation, one walk for each cornu.gradient.
#include "ir/Expr.h"
#include "passes/Passes.h"
#include "passes/gradient/Backward.h"

namespace cornu::passes {
#define GEN_PASS_DEF_GRADIENTPASS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace cornu::ir;

namespace {

LogicalResult differentiate(GradientOp op) {
  OpBuilder builder(op);
  Backward backward(builder);
  backward.findPath(llvm::make_range(op->getBlock()->begin(), op->getIterator()), llvm::to_vector(op.getWrt()), op.getLoss());
  backward.flowInto(op.getLoss(), ExprBuilder(builder, op.getLoc()).constant(1.0, op.getLoss().getType().getElementType()));
  if (failed(backward.run()))
    return failure();
  for (auto [wrt, grad] : llvm::zip(op.getWrt(), op.getGrads()))
    grad.replaceAllUsesWith(backward.cotangentOrZeros(wrt));
  op.erase();
  return success();
}

struct GradientPass : impl::GradientPassBase<GradientPass> {
  void runOnOperation() override {
    SmallVector<GradientOp> ops;
    getOperation().walk([&](GradientOp op) { ops.push_back(op); }); // in program order: a second derivative sees the first one's ops
    for (GradientOp op : ops)
      if (Block *block = op->getBlock(); succeeded(differentiate(op)))
        eraseDeadOps(*block);
      else
        return signalPassFailure();
  }
};

} // namespace
} // namespace cornu::passes
