// What holds for a whole trait of ops when canonicalising.
#include "ir/CornuOps.h"
#include "ir/JoinPatterns.h"
#include "ir/ScanPatterns.h"
#include "ir/Shape.h"
#include "mlir/IR/PatternMatch.h"

namespace cornu::ir {
using namespace mlir;

namespace {

/// f(broadcast_to(x), y) = broadcast_to(f(x, y)): element-wise ops broadcast by themselves, and compute less on the smaller shape.
/// In the end broadcasts stand only where a result needs them, mostly nowhere.
struct SinkBroadcast : OpTraitRewritePattern<Elementwise> {
  using OpTraitRewritePattern::OpTraitRewritePattern;

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    SmallVector<Value> operands;
    SmallVector<int64_t> shape;
    for (Value operand : op->getOperands()) {
      auto broadcast = operand.getDefiningOp<BroadcastToOp>();
      operands.push_back(broadcast ? broadcast.getX() : operand);
      auto joined = broadcastShapes(shape, tensorType(operands.back()).getShape());
      if (failed(joined))
        return failure();
      shape = *joined;
    }
    if (llvm::equal(operands, op->getOperands()))
      return failure();
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    if (type.getShape() == ArrayRef(shape)) {
      rewriter.modifyOpInPlace(op, [&] { op->setOperands(operands); });
      return success();
    }
    Operation *small = rewriter.clone(*op);
    small->setOperands(operands);
    small->getResult(0).setType(RankedTensorType::get(shape, type.getElementType()));
    rewriter.replaceOpWithNewOp<BroadcastToOp>(op, type, small->getResult(0));
    return success();
  }
};

} // namespace

void CornuDialect::getCanonicalizationPatterns(RewritePatternSet &patterns) const {
  patterns.add<SinkBroadcast>(getContext());
  populateJoinPatterns(patterns);
  populateScanPatterns(patterns);
}

} // namespace cornu::ir
