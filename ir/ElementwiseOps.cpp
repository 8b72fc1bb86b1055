// Element-wise ops: broadcast inference, folds, gradient rules. In the rules g is the cotangent of the result y.
#include "ir/Expr.h"
#include "ir/Fold.h"
#include "mlir/IR/Matchers.h"

#include <numbers>

namespace cornu::ir {
using namespace mlir;

//===-- Shapes --------------------------------------------------------------------------------------------------------------------===//

static LogicalResult inferBroadcast(std::optional<Location> loc, ValueRange operands, Type elementType, SmallVectorImpl<Type> &types) {
  SmallVector<int64_t> shape;
  for (Value operand : operands) {
    auto joined = broadcastShapes(shape, tensorType(operand).getShape());
    if (failed(joined)) {
      std::string received;
      for (Value v : operands)
        received += (received.empty() ? "" : " and ") + shapeText(tensorType(v).getShape());
      return emitOptionalError(loc, "operands must broadcast: extents equal, or one of them 1 (? is the batch). Received: shapes ", received);
    }
    shape = *joined;
  }
  types.push_back(RankedTensorType::get(shape, elementType));
  return success();
}

#define CORNU_INFER_BROADCAST(OP)                                                                                                   \
  LogicalResult OP::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {   \
    return inferBroadcast(loc, adaptor.getOperands(), tensorType(adaptor.getA()).getElementType(), types);                          \
  }
CORNU_INFER_BROADCAST(AddOp)
CORNU_INFER_BROADCAST(SubtractOp)
CORNU_INFER_BROADCAST(MultiplyOp)
CORNU_INFER_BROADCAST(DivideOp)
CORNU_INFER_BROADCAST(MaximumOp)
CORNU_INFER_BROADCAST(MinimumOp)
CORNU_INFER_BROADCAST(PowerOp)
CORNU_INFER_BROADCAST(LogicalAndOp)
CORNU_INFER_BROADCAST(LogicalOrOp)
CORNU_INFER_BROADCAST(SelectOp)
#undef CORNU_INFER_BROADCAST

LogicalResult CompareOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  return inferBroadcast(loc, adaptor.getOperands(), IntegerType::get(context, 1), types);
}

template <typename Op>
static LogicalResult verifySameElementType(Op op) {
  Type a = tensorType(op.getA()).getElementType(), b = tensorType(op.getB()).getElementType();
  if (a != b)
    return op.emitOpError("needs a and b of one element type. Received: ") << a << " and " << b;
  return success();
}
LogicalResult CompareOp::verify() { return verifySameElementType(*this); }
LogicalResult SelectOp::verify() { return verifySameElementType(*this); }

//===-- Folds ---------------------------------------------------------------------------------------------------------------------===//

OpFoldResult NegateOp::fold(FoldAdaptor adaptor) {
  if (auto inner = getX().getDefiningOp<NegateOp>())
    return inner.getX(); // -(-x) = x
  return foldSplat(adaptor.getX(), getType(), [](APFloat v) { return -v; }, [](APInt v) { return -v; });
}

// Is x `number` everywhere, be it a constant or a constant repeated over the batch?
static bool isFilledWith(Value x, int64_t number) {
  if (auto broadcast = x.getDefiningOp<BroadcastToOp>())
    x = broadcast.getX();
  Attribute value;
  return matchPattern(x, m_Constant(&value)) && isSplat(value, number);
}

OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  if (isFilledWith(getB(), 0) && getA().getType() == getType())
    return getA(); // x + 0 = x, up to the sign of zero
  if (isFilledWith(getA(), 0) && getB().getType() == getType())
    return getB();
  return foldSplats(adaptor.getA(), adaptor.getB(), getType(), std::plus<>(), std::plus<>());
}

OpFoldResult SubtractOp::fold(FoldAdaptor adaptor) {
  if (isFilledWith(getB(), 0) && getA().getType() == getType())
    return getA(); // x - 0 = x
  return foldSplats(adaptor.getA(), adaptor.getB(), getType(), std::minus<>(), std::minus<>());
}

OpFoldResult MultiplyOp::fold(FoldAdaptor adaptor) {
  if (isFilledWith(getB(), 1) && getA().getType() == getType())
    return getA(); // x * 1 = x
  if (isFilledWith(getA(), 1) && getB().getType() == getType())
    return getB();
  return foldSplats(adaptor.getA(), adaptor.getB(), getType(), std::multiplies<>(), std::multiplies<>());
}

OpFoldResult DivideOp::fold(FoldAdaptor adaptor) {
  if (isFilledWith(getB(), 1) && getA().getType() == getType())
    return getA(); // x / 1 = x
  return foldSplats(adaptor.getA(), adaptor.getB(), getType(), std::divides<>(), {});
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getType())
    return getX();
  return foldCast(adaptor.getX(), getType());
}

//===-- Gradients of functions of one value ---------------------------------------------------------------------------------------===//

#define CORNU_UNARY_VJP(OP, FORMULA)                                                                                                \
  void OP::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {                                      \
    ExprBuilder e(builder, getLoc());                                                                                               \
    Expr g = e(cotangents[0]), x = e(getX()), y = e(getY());                                                                        \
    (void)x, (void)y;                                                                                                               \
    grads[0] = FORMULA;                                                                                                             \
  }
CORNU_UNARY_VJP(NegateOp, -g)                                     // d(-x) = -dx
CORNU_UNARY_VJP(AbsOp, g * sign(x))                               // 0 at 0
CORNU_UNARY_VJP(ExpOp, g * y)                                     // (e^x)' = e^x
CORNU_UNARY_VJP(Expm1Op, g * (y + 1.0))                           // (e^x - 1)' = e^x
CORNU_UNARY_VJP(LogOp, g / x)                                     // inf at 0
CORNU_UNARY_VJP(Log1pOp, g / (1.0 + x))
CORNU_UNARY_VJP(SqrtOp, g * 0.5 / y)                              // 1 / (2 sqrt x), inf at 0
CORNU_UNARY_VJP(RsqrtOp, g * -0.5 * (y * y * y))                  // (x^-1/2)' = -1/2 x^-3/2
CORNU_UNARY_VJP(SquareOp, g * (2.0 * x))
CORNU_UNARY_VJP(TanhOp, g * (1.0 - y * y))
CORNU_UNARY_VJP(SigmoidOp, g * (y * (1.0 - y)))
CORNU_UNARY_VJP(ReluOp, select(y > 0.0, g, 0.0))                  // 0 at 0
CORNU_UNARY_VJP(SoftplusOp, g * sigmoid(x))
CORNU_UNARY_VJP(ErfOp, g * (2.0 * std::numbers::inv_sqrtpi * exp(-square(x)))) // 2/sqrt(pi) e^-x²
CORNU_UNARY_VJP(SinOp, g * cos(x))
CORNU_UNARY_VJP(CosOp, -(g * sin(x)))
#undef CORNU_UNARY_VJP

// A cast between float types is the identity up to rounding; between others nothing flows.
void CastOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  Type from = tensorType(getX()).getElementType();
  if (!isa<FloatType>(from) || !isa<FloatType>(getType().getElementType()))
    return;
  ExprBuilder e(builder, getLoc());
  grads[0] = ir::cast(e(cotangents[0]), from);
}

//===-- Gradients of functions of two values --------------------------------------------------------------------------------------===//

// DA and DB may be of the broadcast shape; they are summed down to the shapes of a and b.
#define CORNU_BINARY_VJP(OP, DA, DB)                                                                                                \
  void OP::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {                                      \
    ExprBuilder e(builder, getLoc());                                                                                               \
    Expr g = e(cotangents[0]), a = e(getA()), b = e(getB()), y = e(getY());                                                         \
    (void)a, (void)b, (void)y;                                                                                                      \
    grads[0] = unbroadcast(DA, getA().getType());                                                                                   \
    grads[1] = unbroadcast(DB, getB().getType());                                                                                   \
  }
CORNU_BINARY_VJP(AddOp, g, g)
CORNU_BINARY_VJP(SubtractOp, g, -unbroadcast(g, getB().getType()))
CORNU_BINARY_VJP(MultiplyOp, g * b, g * a)
CORNU_BINARY_VJP(DivideOp, g / b, -(g / b * y))                                      // (a/b)' by b = -a/b² = -y/b
CORNU_BINARY_VJP(MaximumOp, select(a >= b, g, 0.0), select(a >= b, 0.0, g))          // a tie goes to a
CORNU_BINARY_VJP(MinimumOp, select(a <= b, g, 0.0), select(a <= b, 0.0, g))
// (a^b)' by a = b a^(b-1); by b = a^b log a, taken as 0 where a <= 0 has no logarithm.
CORNU_BINARY_VJP(PowerOp, g * (b * power(a, b - 1.0)), g * (y * select(a > 0.0, log(a), 0.0)))
#undef CORNU_BINARY_VJP

// The cotangent goes to the operand chosen; the condition has none.
void SelectOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  Expr g = e(cotangents[0]), condition = e(getCondition());
  grads[1] = unbroadcast(select(condition, g, 0.0), getA().getType());
  grads[2] = unbroadcast(select(condition, 0.0, g), getB().getType());
}

} // namespace cornu::ir
