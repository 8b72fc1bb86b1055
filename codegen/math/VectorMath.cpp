#include "codegen/math/VectorMath.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

template <typename Op, Real (*emit)(Real)>
struct Unary : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return failure();
    MathBuilder m{rewriter, op.getLoc()};
    rewriter.replaceOp(op, emit(Real(m, op.getOperand())).value);
    return success();
  }
};

struct Exp : OpRewritePattern<math::ExpOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::ExpOp op, PatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return failure();
    MathBuilder m{rewriter, op.getLoc()};
    bool overflows = !bitEnumContainsAll(op.getFastmath(), arith::FastMathFlags::ninf);
    rewriter.replaceOp(op, emitExp(Real(m, op.getOperand()), overflows).value);
    return success();
  }
};

struct Power : OpRewritePattern<math::PowFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::PowFOp op, PatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return failure();
    MathBuilder m{rewriter, op.getLoc()};
    rewriter.replaceOp(op, emitPower(Real(m, op.getLhs()), Real(m, op.getRhs())).value);
    return success();
  }
};

} // namespace

void populateVectorMathPatterns(RewritePatternSet &patterns) {
  patterns.add<Exp, Unary<math::ExpM1Op, emitExpm1>, Unary<math::TanhOp, emitTanh>, Unary<math::LogOp, emitLog>,
               Unary<math::Log1pOp, emitLog1p>, Unary<math::ErfOp, emitErf>, Unary<math::SinOp, emitSin>, Unary<math::CosOp, emitCos>, Power>(
      patterns.getContext());
}

} // namespace cornu::codegen
