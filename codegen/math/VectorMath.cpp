#include "codegen/math/VectorMath.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

/// Of f32 and f64, scalars or vectors.
template <typename Op>
struct OnReals : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  virtual Real emit(Op op, MathBuilder &m) const = 0;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getType());
    if (!element.isF32() && !element.isF64())
      return failure();
    MathBuilder m{rewriter, op.getLoc()};
    rewriter.replaceOp(op, emit(op, m).value);
    return success();
  }
};

template <typename Op, Real (*function)(Real)>
struct Unary : OnReals<Op> {
  using OnReals<Op>::OnReals;
  Real emit(Op op, MathBuilder &m) const override { return function(Real(m, op.getOperand())); }
};

struct Exp : OnReals<math::ExpOp> {
  using OnReals::OnReals;
  Real emit(math::ExpOp op, MathBuilder &m) const override {
    if (!bitEnumContainsAll(op.getFastmath(), arith::FastMathFlags::afn))
      return emitExp(Real(m, op.getOperand()));
    auto negation = op.getOperand().getDefiningOp<arith::NegFOp>();
    return emitSaturatingExp(Real(m, negation ? negation.getOperand() : op.getOperand()), /*negated=*/negation != nullptr);
  }
};

struct Power : OnReals<math::PowFOp> {
  using OnReals::OnReals;
  Real emit(math::PowFOp op, MathBuilder &m) const override { return emitPower(Real(m, op.getLhs()), Real(m, op.getRhs())); }
};

} // namespace

void populateVectorMathPatterns(RewritePatternSet &patterns) {
  patterns.add<Exp, Unary<math::ExpM1Op, emitExpm1>, Unary<math::TanhOp, emitTanh>, Unary<math::LogOp, emitLog>,
               Unary<math::Log1pOp, emitLog1p>, Unary<math::ErfOp, emitErf>, Unary<math::SinOp, emitSin>, Unary<math::CosOp, emitCos>, Power>(
      patterns.getContext());
}

} // namespace cornu::codegen
