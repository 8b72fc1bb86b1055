#include "passes/gradient/Residuals.h"

#include "ir/Expr.h"
#include "passes/scan/Stack.h"

namespace cornu::passes {
using namespace mlir;
using namespace cornu::ir;

namespace {

/// Element-wise functions that cost more than reading their result back.
bool isCostly(Operation *op) {
  return isa<ExpOp, Expm1Op, LogOp, Log1pOp, TanhOp, SigmoidOp, SoftplusOp, ErfOp, SinOp, CosOp, PowerOp>(op);
}

class Provider {
public:
  Provider(ScanOp forward, Block *backward) : forward(forward), step(forward.getStep()), backward(backward), rewriter(forward.getContext()) {}

  Residuals run() {
    llvm::SetVector<Value> needed = collect();
    // In program order, so that what is stacked anyway is known when a value computed from it comes up.
    SmallVector<Value> ordered(needed.begin(), needed.end());
    llvm::stable_sort(ordered, [](Value a, Value b) { return isBefore(a, b); });
    for (Value value : ordered)
      if (!isAtHand(value)) {
        stacked.insert(value);
        atHand.clear();
      }
    SmallVector<Value> sequences = stack(rewriter, forward, stacked.getArrayRef());
    rewriter.setInsertionPointToStart(backward);
    for (auto [value, sequence] : llvm::zip_equal(stacked, sequences)) {
      Value slice = backward->addArgument(ScanOp::sliceType(sequence.getType(), forward.getAxis()), value.getLoc());
      ExprBuilder e(rewriter, value.getLoc());
      known[value] = reshape(e(slice), tensorType(value).getShape());
    }
    for (Value value : ordered) {
      Value here = bring(value);
      value.replaceUsesWithIf(here, [&](OpOperand &use) { return backward->findAncestorOpInBlock(*use.getOwner()); });
    }
    for (Value value : brought)
      sequences.push_back(value);
    return {forward, sequences};
  }

private:
  ScanOp forward;
  Block *step, *backward;
  IRRewriter rewriter;
  llvm::SetVector<Value> stacked;          ///< values of steps that become outputs
  DenseMap<Value, bool> atHand;            ///< answers of isAtHand, given what is stacked
  DenseMap<Value, Value> known;            ///< value of the step → value in `backward`
  SmallVector<Value> brought;              ///< sequences of `forward` that `backward` reads too

  bool isOfStep(Value value) const { return value.getParentBlock() == step; }

  /// Values of the forward step that the backward body refers to.
  llvm::SetVector<Value> collect() {
    llvm::SetVector<Value> needed;
    auto see = [&](Operation *op) {
      for (Value operand : op->getOperands())
        if (isOfStep(operand))
          needed.insert(operand);
    };
    for (Operation &op : *backward)
      op.walk(see);
    return needed;
  }

  static bool isBefore(Value a, Value b) {
    auto argumentA = dyn_cast<BlockArgument>(a), argumentB = dyn_cast<BlockArgument>(b);
    if (argumentA || argumentB)
      return argumentA && (!argumentB || argumentA.getArgNumber() < argumentB.getArgNumber());
    if (a.getDefiningOp() == b.getDefiningOp())
      return cast<OpResult>(a).getResultNumber() < cast<OpResult>(b).getResultNumber();
    return a.getDefiningOp()->isBeforeInBlock(b.getDefiningOp());
  }

  /// True if the backward step can have the value without memory of its own: it is from above, a slice, stacked already, or cheap to
  /// compute from such.
  bool isAtHand(Value value) {
    if (!isOfStep(value) || stacked.contains(value))
      return true;
    auto known = atHand.find(value);
    return known != atHand.end() ? known->second : atHand[value] = decideAtHand(value);
  }

  bool decideAtHand(Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return argument.getArgNumber() >= forward.getInits().size();
    Operation *op = value.getDefiningOp();
    bool invariant = llvm::none_of(op->getOperands(), [&](Value v) { return isOfStep(v); });
    bool cheap = (op->hasTrait<Elementwise>() && !isCostly(op)) || isa<ReshapeOp, BroadcastToOp, SliceOp, TransposeOp>(op);
    return op->getNumRegions() == 0 && (invariant || cheap) && llvm::all_of(op->getOperands(), [&](Value v) { return isAtHand(v); });
  }

  /// The value in the backward body.
  Value bring(Value value) {
    if (!isOfStep(value))
      return value;
    if (Value here = known.lookup(value))
      return here;
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      brought.push_back(forward.getSequences()[argument.getArgNumber() - forward.getInits().size()]);
      return known[value] = backward->addArgument(value.getType(), value.getLoc());
    }
    Operation *op = value.getDefiningOp();
    IRMapping map;
    for (Value operand : op->getOperands())
      map.map(operand, bring(operand));
    return known[value] = rewriter.clone(*op, map)->getResult(cast<OpResult>(value).getResultNumber());
  }
};

} // namespace

Residuals provideResiduals(ScanOp forward, Block *backward) { return Provider(forward, backward).run(); }

} // namespace cornu::passes
