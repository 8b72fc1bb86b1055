#include "ir/Expr.h"
#include "mlir/IR/PatternMatch.h"
#include "passes/Passes.h"
#include "passes/scan/Batch.h"
#include "passes/scan/Stack.h"

namespace cornu::passes {
#define GEN_PASS_DEF_SINKSUMSPASS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace cornu::ir;

namespace {

class Sinker {
public:
  explicit Sinker(ScanOp scan) : scan(scan), rewriter(scan) {}

  void run() {
    for (unsigned i = 0; i < scan.getInits().size(); ++i)
      if (scan.getCarried()[i].hasOneUse() && scan.getNext()[i].hasOneUse())
        sink(i);
  }

private:
  ScanOp scan;
  IRRewriter rewriter;

  bool isOfStep(Value value) { return scan.getBody().isAncestor(value.getParentRegion()); }

  /// The terms of a sum of tensors of one type. Ops in between have no other use.
  static void termsOf(Value sum, SmallVectorImpl<Value> &terms) {
    auto add = sum.getDefiningOp<AddOp>();
    if (add && sum.hasOneUse() && add.getA().getType() == sum.getType() && add.getB().getType() == sum.getType()) {
      termsOf(add.getA(), terms);
      termsOf(add.getB(), terms);
    } else {
      terms.push_back(sum);
    }
  }

  bool canSink(Value term) {
    if (!term.hasOneUse() || !term.getDefiningOp() || term.getParentBlock() != scan.getStep())
      return false;
    if (auto product = term.getDefiningOp<EinsumOp>())
      return llvm::all_of(product->getOperands(), [&](Value v) { return isOfStep(v); }) && reaches(product.getA()) && reaches(product.getB());
    auto sum = term.getDefiningOp<ReduceSumOp>();
    return sum && reaches(sum.getX());
  }
  bool reaches(Value value) { return tensorType(value).getRank() >= static_cast<int64_t>(scan.getAxis()); }

  /// Takes what can be summed after the loop out of the sum carried in place i.
  void sink(unsigned i) {
    SmallVector<Value> terms, kept, sunk;
    termsOf(scan.getNext()[i], terms);
    BlockArgument carried = scan.getCarried()[i];
    if (!llvm::is_contained(terms, carried))
      return;
    for (Value term : terms)
      (canSink(term) ? sunk : kept).push_back(term);
    if (sunk.empty())
      return;

    SmallVector<Value> operands;
    for (Value term : sunk)
      llvm::append_range(operands, term.getDefiningOp()->getOperands());
    SmallVector<Value> sequences = stack(rewriter, scan, operands);
    Value final = scan.getFinals()[i];
    rewriter.setInsertionPointAfter(scan);
    ExprBuilder outside(rewriter, scan.getLoc());
    Operation *first = nullptr;
    Value total = final;
    ArrayRef<Value> rest = sequences;
    for (Value term : sunk) {
      ExprBuilder e(rewriter, term.getLoc());
      Value whole = overTime(e, term.getDefiningOp(), rest);
      rest = rest.drop_front(term.getDefiningOp()->getNumOperands());
      Expr sum = e(total) + e(whole);
      total = sum;
      if (!first)
        first = total.getDefiningOp();
    }
    final.replaceUsesWithIf(total, [&](OpOperand &use) { return use.getOwner() != first; });

    rewriter.setInsertionPoint(scan.getYield());
    Value next = kept.front();
    for (Value term : ArrayRef(kept).drop_front()) {
      ExprBuilder e(rewriter, term.getLoc());
      next = e(next) + e(term);
    }
    scan.getYield().getValuesMutable().slice(i, 1).assign(next);
  }

  /// The sum over all steps of an op of the step, from its operands, stacked.
  Value overTime(ExprBuilder &e, Operation *op, ArrayRef<Value> sequences) {
    int64_t axis = scan.getAxis();
    if (auto product = dyn_cast<EinsumOp>(op)) {
      auto [a, b, y] = product.getTerms();
      char time = timeLetter(product);
      auto term = [&](StringRef letters) { return (letters.take_front(axis) + StringRef(&time, 1) + letters.drop_front(axis)).str(); };
      return einsum(term(a) + "," + term(b) + "->" + y.str(), e(sequences[0]), e(sequences[1]));
    }
    SmallVector<int64_t> dims{axis};
    for (int64_t dim : cast<ReduceSumOp>(op).getDims())
      dims.push_back(dim < axis ? dim : dim + 1);
    llvm::sort(dims);
    return reshape(reduceSum(e(sequences[0]), dims), tensorType(op->getResult(0)).getShape());
  }
};

struct SinkSums : impl::SinkSumsPassBase<SinkSums> {
  void runOnOperation() override {
    SmallVector<ScanOp> scans;
    getOperation().walk([&](ScanOp scan) { scans.push_back(scan); });
    for (ScanOp scan : scans)
      Sinker(scan).run();
  }
};
} // namespace
} // namespace cornu::passes
