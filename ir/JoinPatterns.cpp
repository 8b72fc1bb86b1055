#include "ir/JoinPatterns.h"

#include "ir/Expr.h"
#include "mlir/IR/PatternMatch.h"

namespace cornu::ir {
using namespace mlir;

namespace {

/// pad(a) + pad(b) = pad(a ++ b) where b begins at the end of a, and pads are of zeros.
struct JoinPads : OpRewritePattern<AddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AddOp add, PatternRewriter &rewriter) const override {
    auto a = add.getA().getDefiningOp<PadOp>(), b = add.getB().getDefiningOp<PadOp>();
    if (!a || !b || a.getDim() != b.getDim() || a.getType() != b.getType() || !a.getValue().isZero() || !b.getValue().isZero() || !a->hasOneUse() || !b->hasOneUse())
      return failure();
    int64_t dim = a.getDim();
    if (a.getLow() > b.getLow())
      std::swap(a, b);
    if (a.getLow() + tensorType(a.getX()).getDimSize(dim) != b.getLow())
      return failure();
    Value joined = ConcatenateOp::create(rewriter, add.getLoc(), ValueRange{a.getX(), b.getX()}, dim);
    ExprBuilder e(rewriter, add.getLoc());
    rewriter.replaceOp(add, static_cast<Value>(pad(e(joined), dim, a.getLow(), b.getHigh())));
    return success();
  }
};

struct FlattenConcatenate : OpRewritePattern<ConcatenateOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConcatenateOp op, PatternRewriter &rewriter) const override {
    SmallVector<Value> pieces;
    for (Value x : op.getXs()) {
      auto inner = x.getDefiningOp<ConcatenateOp>();
      if (inner && inner->hasOneUse() && inner.getDim() == op.getDim())
        llvm::append_range(pieces, inner.getXs());
      else
        pieces.push_back(x);
    }
    if (pieces.size() == op.getXs().size())
      return failure();
    rewriter.modifyOpInPlace(op, [&] { op.getXsMutable().assign(pieces); });
    return success();
  }
};

} // namespace

void populateJoinPatterns(RewritePatternSet &patterns) { patterns.add<JoinPads, FlattenConcatenate>(patterns.getContext()); }

} // namespace cornu::ir
