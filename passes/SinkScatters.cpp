#include "ir/Expr.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/KernelAnalysis.h"
#include "passes/Passes.h"

namespace cornu::passes {
#define GEN_PASS_DEF_SINKSCATTERSPASS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace cornu::ir;

namespace {

int64_t count(Value indices) { return assumedCount(tensorType(indices).getShape()); }

/// The sums that `table` is made of, last first, if it is nothing but rows added to zeros, for one use. Empty: it is something else.
SmallVector<ScatterAddOp> sumsOf(Value table) {
  SmallVector<ScatterAddOp> sums;
  int64_t indices = 0;
  while (table) {
    auto sum = table.getDefiningOp<ScatterAddOp>();
    if (!sum || !table.hasOneUse())
      return {};
    indices += count(sum.getIndices());
    if (indices >= tensorType(table).getDimSize(0))
      return {};
    sums.push_back(sum);
    table = sum.getInto();
  }
  return sums;
}

/// Adds f(rows, indices) of all `sums` to `start`, a table or null.
Value sumOf(OpBuilder &b, ArrayRef<ScatterAddOp> sums, Value start, llvm::function_ref<Value(ScatterAddOp)> f) {
  for (ScatterAddOp sum : llvm::reverse(sums))
    start = ScatterAddOp::create(b, sum.getLoc(), sum.getType(), f(sum), sum.getIndices(), start);
  return start;
}

bool hasRows(Value operand, RankedTensorType table) {
  RankedTensorType type = tensorType(operand);
  return type.getRank() == 2 && type.getDimSize(0) == table.getDimSize(0);
}

/// What `operand`, broadcast to `table`, is for the rows that `indices` name.
Value rowsOf(OpBuilder &b, Value operand, RankedTensorType table, Value indices) {
  return hasRows(operand, table) ? GatherOp::create(b, operand.getLoc(), operand, indices).getResult() : operand;
}

/// -S, S·x, x·S, S / x.
template <typename Op>
struct LinearInRows : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    RankedTensorType table = tensorType(op->getResult(0));
    unsigned operands = std::is_same_v<Op, MultiplyOp> ? 2 : 1; // of these one may be the sum
    for (unsigned i = 0; i < operands; ++i)
      if (SmallVector<ScatterAddOp> sums = sumsOf(op->getOperand(i)); !sums.empty() && sums.front().getType() == table) {
        rewriter.replaceOp(op, sumOf(rewriter, sums, Value(), [&](ScatterAddOp sum) -> Value {
          SmallVector<Value> xs;
          for (auto [j, operand] : llvm::enumerate(op->getOperands()))
            xs.push_back(j == i ? sum.getRows() : rowsOf(rewriter, operand, table, sum.getIndices()));
          if constexpr (std::is_same_v<Op, NegateOp>)
            return Op::create(rewriter, op.getLoc(), xs[0]);
          else
            return Op::create(rewriter, op.getLoc(), xs[0], xs[1]);
        }));
        return success();
      }
    return failure();
  }
};

/// T + S, S + T, T - S.
template <typename Op>
struct AddedToTable : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    constexpr bool subtracts = std::is_same_v<Op, SubtractOp>;
    for (unsigned i : {1, 0}) {
      Value table = op->getOperand(1 - i);
      SmallVector<ScatterAddOp> sums = sumsOf(op->getOperand(i));
      if ((subtracts && i == 0) || sums.empty() || table.getType() != sums.front().getType())
        continue;
      rewriter.replaceOp(op, sumOf(rewriter, sums, table, [&](ScatterAddOp sum) -> Value {
        return subtracts ? NegateOp::create(rewriter, op.getLoc(), sum.getRows()).getResult() : sum.getRows();
      }));
      return success();
    }
    return failure();
  }
};

/// Rows of f(T), which nothing else reads, are f of rows of T.
struct RowsOfElementwise : OpRewritePattern<GatherOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(GatherOp gather, PatternRewriter &rewriter) const override {
    Operation *op = gather.getTable().getDefiningOp();
    RankedTensorType table = tensorType(gather.getTable());
    if (!op || !op->hasTrait<Elementwise>() || op->getNumOperands() == 0 || !op->hasOneUse() || !isPure(op) ||
        count(gather.getIndices()) >= table.getDimSize(0))
      return failure();
    SmallVector<Value> xs;
    for (Value operand : op->getOperands())
      xs.push_back(rowsOf(rewriter, operand, table, gather.getIndices()));
    Operation *onRows = Operation::create(op->getLoc(), op->getName(), gather.getType(), xs, op->getDiscardableAttrDictionary(), op->getPropertiesStorage(), {}, 0);
    rewriter.insert(onRows);
    rewriter.replaceOp(gather, onRows);
    return success();
  }
};

struct SinkScatters : impl::SinkScattersPassBase<SinkScatters> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<LinearInRows<NegateOp>, LinearInRows<MultiplyOp>, LinearInRows<DivideOp>, AddedToTable<AddOp>, AddedToTable<SubtractOp>, RowsOfElementwise>(
        &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
} // namespace cornu::passes
