#include "ir/Expr.h"

namespace cornu::ir {
using namespace mlir;

static TypedAttr numberAttr(Type type, double number) {
  if (auto floating = dyn_cast<FloatType>(type))
    return FloatAttr::get(floating, number);
  return IntegerAttr::get(type, static_cast<int64_t>(number));
}

Expr ExprBuilder::constant(double number, Type type) { return full(RankedTensorType::get({}, type), number); }

Expr ExprBuilder::full(RankedTensorType type, double number) {
  auto attr = DenseElementsAttr::get(type, Attribute(numberAttr(type.getElementType(), number)));
  return {*this, ConstantOp::create(builder, loc, type, attr).getY()};
}

Expr ExprBuilder::tensor(RankedTensorType type, ArrayRef<double> numbers) {
  SmallVector<Attribute> elements;
  for (double number : numbers)
    elements.push_back(numberAttr(type.getElementType(), number));
  return {*this, ConstantOp::create(builder, loc, DenseElementsAttr::get(type, elements)).getY()};
}

static DenseI64ArrayAttr dimsAttr(Expr x, ArrayRef<int64_t> dims) { return x.builder().builder.getDenseI64ArrayAttr(dims); }

static UnitAttr unitIf(Expr x, bool set) { return set ? x.builder().builder.getUnitAttr() : UnitAttr(); }

static RankedTensorType withShape(Expr x, ArrayRef<int64_t> shape) { return RankedTensorType::get(shape, x.elementType()); }

template <typename Op>
static Expr toType(Expr x, RankedTensorType type) {
  ExprBuilder &e = x.builder();
  return {e, e.builder.createOrFold<Op>(e.loc, type, static_cast<Value>(x))};
}

Expr reduceSum(Expr x, ArrayRef<int64_t> dims, bool keepdims) { return x.make<ReduceSumOp>(dimsAttr(x, dims), unitIf(x, keepdims)); }
Expr reduceMax(Expr x, ArrayRef<int64_t> dims, bool keepdims) { return x.make<ReduceMaxOp>(dimsAttr(x, dims), unitIf(x, keepdims)); }
Expr reduceMin(Expr x, ArrayRef<int64_t> dims, bool keepdims) { return x.make<ReduceMinOp>(dimsAttr(x, dims), unitIf(x, keepdims)); }

Expr cast(Expr x, Type elementType) { return toType<CastOp>(x, RankedTensorType::get(x.shape(), elementType)); }
Expr reshape(Expr x, ArrayRef<int64_t> shape) { return toType<ReshapeOp>(x, withShape(x, shape)); }
Expr broadcastTo(Expr x, ArrayRef<int64_t> shape) { return toType<BroadcastToOp>(x, withShape(x, shape)); }
Expr transpose(Expr x, ArrayRef<int64_t> perm) { return x.make<TransposeOp>(dimsAttr(x, perm)); }
Expr slice(Expr x, int64_t dim, int64_t start, int64_t limit, int64_t step) {
  Builder &b = x.builder().builder;
  return x.make<SliceOp>(b.getI64IntegerAttr(dim), b.getI64IntegerAttr(start), b.getI64IntegerAttr(limit), b.getI64IntegerAttr(step));
}
Expr pad(Expr x, int64_t dim, int64_t low, int64_t high, double value) {
  Builder &b = x.builder().builder;
  return x.make<PadOp>(b.getI64IntegerAttr(dim), b.getI64IntegerAttr(low), b.getI64IntegerAttr(high), b.getF64FloatAttr(value));
}
Expr concatenate(ArrayRef<Expr> xs, int64_t dim) {
  ExprBuilder &e = xs[0].builder();
  SmallVector<Value> values(xs);
  return {e, values.size() == 1 ? values[0] : e.builder.createOrFold<ConcatenateOp>(e.loc, values, dim)};
}

Expr einsum(StringRef equation, Expr a, Expr b) {
  ExprBuilder &e = a.builder();
  return {e, e.builder.createOrFold<EinsumOp>(e.loc, e.builder.getStringAttr(equation), static_cast<Value>(a), static_cast<Value>(b))};
}

Expr convolution(StringRef equation, Expr x, Expr w, ArrayRef<Window> windows, ArrayRef<int64_t> shape) {
  ExprBuilder &e = x.builder();
  return {e, ConvolutionOp::create(e.builder, e.loc, withShape(x, shape), equation, x, w, windows)};
}

Expr unbroadcast(Expr grad, Type operandType) {
  ArrayRef<int64_t> target = cast<RankedTensorType>(operandType).getShape();
  int64_t offset = grad.rank() - static_cast<int64_t>(target.size());
  assert(offset >= 0 && "a gradient has at least the rank of its operand");
  SmallVector<int64_t> dims;
  bool onlyLeading = true;
  for (int64_t i = 0; i < grad.rank(); ++i) {
    if (i >= offset && (target[i - offset] != 1 || grad.shape()[i] == 1))
      continue;
    dims.push_back(i);
    onlyLeading &= i < offset;
  }
  if (dims.empty())
    return grad;
  return reshape(reduceSum(grad, dims, /*keepdims=*/!onlyLeading), target); // the reshape folds away if only leading dimensions went
}

} // namespace cornu::ir
