// Reductions and softmax. In the rules g is the cotangent of the result y.
#include "ir/Expr.h"

namespace cornu::ir {
using namespace mlir;

template <typename Adaptor>
static LogicalResult inferReduction(std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType x = tensorType(adaptor.getX());
  if (failed(checkDims(loc, adaptor.getDims(), x.getRank())))
    return failure();
  types.push_back(RankedTensorType::get(reducedShape(x.getShape(), adaptor.getDims(), adaptor.getKeepdims()), x.getElementType()));
  return success();
}

#define CORNU_INFER_REDUCTION(OP)                                                                                                   \
  LogicalResult OP::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {   \
    return inferReduction(loc, adaptor, types);                                                                                     \
  }
CORNU_INFER_REDUCTION(ReduceSumOp)
CORNU_INFER_REDUCTION(ReduceMaxOp)
CORNU_INFER_REDUCTION(ReduceMinOp)
#undef CORNU_INFER_REDUCTION

LogicalResult ArgmaxOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType x = tensorType(adaptor.getX());
  int64_t dim = adaptor.getDim();
  if (failed(checkDims(loc, dim, x.getRank())))
    return failure();
  types.push_back(RankedTensorType::get(reducedShape(x.getShape(), dim, /*keepdims=*/false), IntegerType::get(context, 32)));
  return success();
}

LogicalResult SoftmaxOp::verify() { return checkDims(getLoc(), getDims(), getType().getRank()); }
LogicalResult LogSoftmaxOp::verify() { return checkDims(getLoc(), getDims(), getType().getRank()); }

// A reduced value with its dimensions back as extents of 1, so that it broadcasts against x.
static Expr keptDims(Expr y, RankedTensorType x, ArrayRef<int64_t> dims) {
  return reshape(y, reducedShape(x.getShape(), dims, /*keepdims=*/true));
}

// Every summand gets g.
void ReduceSumOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  RankedTensorType x = tensorType(getX());
  grads[0] = broadcastTo(keptDims(e(cotangents[0]), x, getDims()), x.getShape());
}

// g goes where x = y, in equal shares: g [x = y] / sum [x = y].
template <typename Op>
static Value extremumVjp(Op op, OpBuilder &builder, Value cotangent) {
  ExprBuilder e(builder, op.getLoc());
  RankedTensorType type = tensorType(op.getX());
  Expr x = e(op.getX()), y = keptDims(e(op.getY()), type, op.getDims()), g = keptDims(e(cotangent), type, op.getDims());
  Expr hit = cast(equal(x, y), type.getElementType());
  return hit * (g / reduceSum(hit, op.getDims(), /*keepdims=*/true));
}

void ReduceMaxOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  grads[0] = extremumVjp(*this, builder, cotangents[0]);
}
void ReduceMinOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  grads[0] = extremumVjp(*this, builder, cotangents[0]);
}

// dy_i/dx_j = y_i ([i = j] - y_j), so dx = y (g - sum(g y)).
void SoftmaxOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  Expr g = e(cotangents[0]), y = e(getY());
  grads[0] = y * (g - reduceSum(g * y, getDims(), /*keepdims=*/true));
}

// dy_i/dx_j = [i = j] - e^y_j, so dx = g - e^y sum(g).
void LogSoftmaxOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  Expr g = e(cotangents[0]), y = e(getY());
  grads[0] = g - exp(y) * reduceSum(g, getDims(), /*keepdims=*/true);
}

} // namespace cornu::ir
