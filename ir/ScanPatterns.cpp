#include "ir/ScanPatterns.h"

#include "ir/Expr.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace cornu::ir {
using namespace mlir;

namespace {

/// Which carried values, sequences and outputs a loop keeps.
struct Kept {
  BitVector carried, sequences, outputs;
  explicit Kept(ScanOp scan)
      : carried(scan.getInits().size(), true), sequences(scan.getSequences().size(), true), outputs(scan.getStacked().size(), true) {}
  bool all() const { return carried.all() && sequences.all() && outputs.all(); }
};

template <typename Range>
static SmallVector<Value> filter(Range &&values, const BitVector &kept) {
  SmallVector<Value> result;
  for (auto [i, value] : llvm::enumerate(values))
    if (kept[i])
      result.push_back(value);
  return result;
}

/// The loop without the rest, whose arguments and results nobody may use but for carried values that the rest is computed from.
void rebuild(PatternRewriter &rewriter, ScanOp scan, const Kept &kept) {
  SmallVector<Value> yielded = filter(scan.getNext(), kept.carried), outputs = filter(scan.getOutputs(), kept.outputs);
  auto rebuilt = ScanOp::create(rewriter, scan.getLoc(), filter(scan.getInits(), kept.carried), filter(scan.getSequences(), kept.sequences),
                                ValueRange(outputs).getTypes(), scan.getAxis(), scan.getLength(), scan.getReverse());
  yielded.append(outputs);
  Block *step = scan.getStep(), *fresh = rebuilt.getStep();
  // Arguments that go are used by nothing that stays; what is computed from them goes first.
  rewriter.modifyOpInPlace(scan.getYield(), [&] { scan.getYield().getValuesMutable().assign(yielded); });
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*step)))
    if (isOpTriviallyDead(&op))
      rewriter.eraseOp(&op);
  BitVector gone(step->getNumArguments());
  for (unsigned i = 0; i < gone.size(); ++i)
    gone[i] = i < kept.carried.size() ? !kept.carried[i] : !kept.sequences[i - kept.carried.size()];
  step->eraseArguments(gone);
  rewriter.mergeBlocks(step, fresh, fresh->getArguments());
  for (auto [old, value] : llvm::zip_equal(filter(scan.getFinals(), kept.carried), rebuilt.getFinals()))
    rewriter.replaceAllUsesWith(old, value);
  for (auto [old, value] : llvm::zip_equal(filter(scan.getStacked(), kept.outputs), rebuilt.getStacked()))
    rewriter.replaceAllUsesWith(old, value);
  rewriter.eraseOp(scan);
}

/// Drops what nobody uses. A carried value is used if it leads, in one step or several, to something that is.
struct DropUnused : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp scan, PatternRewriter &rewriter) const override {
    Kept kept(scan);
    for (auto [i, stacked] : llvm::enumerate(scan.getStacked()))
      kept.outputs[i] = !stacked.use_empty();
    llvm::DenseSet<Value> live;
    std::function<void(Value)> mark = [&](Value value) {
      if (!live.insert(value).second)
        return;
      if (auto argument = dyn_cast<BlockArgument>(value)) {
        if (argument.getOwner() == scan.getStep() && argument.getArgNumber() < scan.getInits().size())
          mark(scan.getNext()[argument.getArgNumber()]);
        return;
      }
      Operation *op = scan.getStep()->findAncestorOpInBlock(*value.getDefiningOp());
      if (op)
        op->walk([&](Operation *inner) { llvm::for_each(inner->getOperands(), mark); });
    };
    for (auto [final, next] : llvm::zip_equal(scan.getFinals(), scan.getNext()))
      if (!final.use_empty())
        mark(next);
    for (auto [i, output] : llvm::enumerate(scan.getOutputs()))
      if (kept.outputs[i])
        mark(output);
    for (auto [i, argument, final] : llvm::enumerate(scan.getCarried(), scan.getFinals()))
      kept.carried[i] = !final.use_empty() || live.contains(argument);
    for (auto [i, argument] : llvm::enumerate(scan.getSlices()))
      kept.sequences[i] = live.contains(argument);
    if (kept.all())
      return failure();
    rebuild(rewriter, scan, kept);
    return success();
  }
};

/// Sequences taken twice, outputs given twice.
struct MergeEqual : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp scan, PatternRewriter &rewriter) const override {
    bool changed = false;
    auto merge = [&](auto keys, auto values) {
      for (auto [i, value] : llvm::enumerate(values))
        for (unsigned first = 0; first < i; ++first)
          if (keys[first] == keys[i] && !value.use_empty()) {
            rewriter.replaceAllUsesWith(value, values[first]);
            changed = true;
            break;
          }
    };
    merge(scan.getSequences(), scan.getSlices());
    merge(scan.getOutputs(), scan.getStacked());
    return success(changed);
  }
};

/// A carried value that is yielded as it came is the first one throughout. A slice yielded as an output, or a value from above, is known without the loop.
struct ForwardUnchanged : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp scan, PatternRewriter &rewriter) const override {
    bool changed = false;
    auto replace = [&](Value value, Value by) {
      if (value.use_empty())
        return;
      rewriter.replaceAllUsesWith(value, by);
      changed = true;
    };
    for (auto [i, init, argument, next] : llvm::enumerate(scan.getInits(), scan.getCarried(), scan.getNext()))
      if (next == argument) {
        replace(scan.getFinals()[i], init);
        // With no use but in its own place of the yield it will be dropped as unused.
        OpOperand &own = scan.getYield()->getOpOperand(i);
        if (!argument.hasOneUse()) {
          rewriter.replaceUsesWithIf(argument, init, [&](OpOperand &use) { return &use != &own; });
          changed = true;
        }
      }
    for (auto [output, stacked] : llvm::zip_equal(scan.getOutputs(), scan.getStacked())) {
      auto argument = dyn_cast<BlockArgument>(output);
      if (argument && argument.getOwner() == scan.getStep()) {
        if (argument.getArgNumber() >= scan.getInits().size())
          replace(stacked, scan.getSequences()[argument.getArgNumber() - scan.getInits().size()]);
      } else if (!scan.getBody().isAncestor(output.getParentRegion()) && !stacked.use_empty()) {
        SmallVector<int64_t> shape(tensorType(output).getShape());
        shape.insert(shape.begin() + scan.getAxis(), 1);
        ExprBuilder e(rewriter, scan.getLoc());
        replace(stacked, broadcastTo(reshape(e(output), shape), tensorType(stacked).getShape()));
      }
    }
    return success(changed);
  }
};

} // namespace

void populateScanPatterns(RewritePatternSet &patterns) { patterns.add<DropUnused, MergeEqual, ForwardUnchanged>(patterns.getContext()); }

} // namespace cornu::ir
