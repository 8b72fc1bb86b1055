// Constants and ops that move or rename elements. In the rules g is the cotangent of the result.
#include "ir/Expr.h"
#include "ir/Fold.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

namespace cornu::ir {
using namespace mlir;

//===-- constant, iota ------------------------------------------------------------------------------------------------------------===//

LogicalResult ConstantOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  types.push_back(adaptor.getValue().getType());
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

LogicalResult IotaOp::verify() { return checkDims(getLoc(), static_cast<int64_t>(getDim()), getType().getRank()); }

//===-- broadcast_to --------------------------------------------------------------------------------------------------------------===//

LogicalResult BroadcastToOp::verify() {
  auto joined = broadcastShapes(tensorType(getX()).getShape(), getType().getShape());
  if (failed(joined) || *joined != getType().getShape())
    return emitOpError("needs each extent of x equal to the result's, or 1. Received: ")
           << shapeText(tensorType(getX()).getShape()) << " to " << shapeText(getType().getShape());
  return success();
}

// Broadcasting adds leading extents of 1 by itself.
static bool onlyAddsLeadingOnes(ReshapeOp reshape) {
  ArrayRef<int64_t> from = tensorType(reshape.getX()).getShape(), to = reshape.getType().getShape();
  return from.size() <= to.size() && to.take_back(from.size()) == from;
}

OpFoldResult BroadcastToOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getType())
    return getX();
  if (auto inner = getX().getDefiningOp<BroadcastToOp>()) {
    getXMutable().assign(inner.getX());
    return getResult();
  }
  if (auto inner = getX().getDefiningOp<ReshapeOp>(); inner && onlyAddsLeadingOnes(inner)) {
    getXMutable().assign(inner.getX());
    return getResult();
  }
  return foldSplatToShape(adaptor.getX(), getType());
}

// Every copy flows back: the sum over what was repeated.
void BroadcastToOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  grads[0] = unbroadcast(e(cotangents[0]), getX().getType());
}

//===-- reshape -------------------------------------------------------------------------------------------------------------------===//

// The numbers of elements before and after each dimension that is the batch: (?, 2, 3) is {1, 6}, (2, 3) is {6}.
static SmallVector<int64_t> aroundBatch(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> parts{1};
  for (int64_t extent : shape)
    ShapedType::isDynamic(extent) ? parts.push_back(1) : void(parts.back() *= extent);
  return parts;
}

LogicalResult ReshapeOp::verify() {
  ArrayRef<int64_t> from = tensorType(getX()).getShape(), to = getType().getShape();
  if (aroundBatch(from) != aroundBatch(to))
    return emitOpError("keeps the number of elements, before and after the batch. Received: ") << shapeText(from) << " to " << shapeText(to);
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getType())
    return getX();
  if (auto inner = getX().getDefiningOp<ReshapeOp>()) {
    getXMutable().assign(inner.getX()); // a reshape of a reshape is one
    return getResult();
  }
  if (auto elements = dyn_cast_or_null<DenseElementsAttr>(adaptor.getX()); elements && getType().hasStaticShape())
    return elements.reshape(getType());
  return {};
}

void ReshapeOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  grads[0] = reshape(e(cotangents[0]), tensorType(getX()).getShape());
}

//===-- transpose -----------------------------------------------------------------------------------------------------------------===//

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType x = tensorType(adaptor.getX());
  ArrayRef<int64_t> perm = adaptor.getPerm();
  if (static_cast<int64_t>(perm.size()) != x.getRank() || !isPermutationVector(perm))
    return emitOptionalError(loc, "perm must name each dimension of x once. Received: perm=", shapeText(perm), ", rank ", x.getRank());
  SmallVector<int64_t> shape;
  for (int64_t i : perm)
    shape.push_back(x.getDimSize(i));
  types.push_back(RankedTensorType::get(shape, x.getElementType()));
  return success();
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (isIdentityPermutation(getPerm()))
    return getX();
  if (auto inner = getX().getDefiningOp<TransposeOp>()) { // dimension i of the result is dimension inner[perm[i]] of the source
    SmallVector<int64_t> perm;
    for (int64_t i : getPerm())
      perm.push_back(inner.getPerm()[i]);
    getXMutable().assign(inner.getX());
    setPerm(perm);
    return getResult();
  }
  return foldSplatToShape(adaptor.getX(), getType());
}

// The inverse permutation.
void TransposeOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  grads[0] = transpose(e(cotangents[0]), invertPermutationVector(getPerm()));
}

//===-- concatenate, slice, pad ---------------------------------------------------------------------------------------------------===//

// These move along one static dimension.
static LogicalResult checkStaticDim(std::optional<Location> loc, RankedTensorType x, int64_t dim) {
  if (failed(checkDims(loc, dim, x.getRank())))
    return failure();
  if (x.isDynamicDim(dim))
    return emitOptionalError(loc, "dim must not be the batch. Received: dim=", dim, " of shape ", shapeText(x.getShape()));
  return success();
}

static RankedTensorType withExtent(RankedTensorType x, int64_t dim, int64_t extent) {
  SmallVector<int64_t> shape(x.getShape());
  shape[dim] = extent;
  return RankedTensorType::get(shape, x.getElementType());
}

LogicalResult ConcatenateOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (adaptor.getXs().empty())
    return emitOptionalError(loc, "concatenate needs at least one tensor. Received: none");
  int64_t dim = adaptor.getDim(), extent = 0;
  RankedTensorType first = tensorType(adaptor.getXs()[0]);
  for (Value x : adaptor.getXs()) {
    RankedTensorType type = tensorType(x);
    if (type.getRank() != first.getRank())
      return emitOptionalError(loc, "tensors to concatenate need one rank. Received: shapes ", shapeText(first.getShape()), " and ",
                               shapeText(type.getShape()));
    if (failed(checkStaticDim(loc, type, dim)))
      return failure();
    if (withExtent(type, dim, 1) != withExtent(first, dim, 1))
      return emitOptionalError(loc, "tensors to concatenate may differ along dim alone. Received: dim=", dim, ", shapes ",
                               shapeText(first.getShape()), " and ", shapeText(type.getShape()));
    extent += type.getDimSize(dim);
  }
  types.push_back(withExtent(first, dim, extent));
  return success();
}

// Each operand gets its slice of g.
void ConcatenateOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  int64_t dim = getDim(), start = 0;
  for (auto [grad, x] : llvm::zip(grads, getXs())) {
    int64_t extent = tensorType(x).getDimSize(dim);
    grad = slice(e(cotangents[0]), dim, start, start + extent);
    start += extent;
  }
}

LogicalResult SliceOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType x = tensorType(adaptor.getX());
  int64_t dim = adaptor.getDim(), start = adaptor.getStart(), limit = adaptor.getLimit();
  int64_t step = adaptor.getStepAttr() ? adaptor.getStep() : 1;   // the parser asks before it fills in defaults
  if (failed(checkStaticDim(loc, x, dim)))
    return failure();
  if (step < 1)
    return emitOptionalError(loc, "a slice needs a positive step. Received: step=", step);
  if (start < 0 || start > limit || limit > x.getDimSize(dim))
    return emitOptionalError(loc, "a slice needs 0 <= start <= limit <= extent. Received: [", start, " : ", limit, "] of extent ", x.getDimSize(dim));
  types.push_back(withExtent(x, dim, llvm::divideCeil(limit - start, step)));
  return success();
}

OpFoldResult SliceOp::fold(FoldAdaptor) { return getX().getType() == getType() ? OpFoldResult(getX()) : OpFoldResult(); }

// Zeros around g, and between its elements: each gets step - 1 of them as a dimension of its own, which then joins its neighbour.
void SliceOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  Expr g = e(cotangents[0]);
  int64_t dim = getDim(), step = getStep(), start = getStart(), extent = tensorType(getX()).getDimSize(dim);
  if (step > 1) {
    SmallVector<int64_t> apart(g.shape()), joined(g.shape());
    apart.insert(apart.begin() + dim + 1, 1);
    joined[dim] *= step;
    g = reshape(pad(reshape(g, apart), dim + 1, 0, step - 1), joined);
    g = slice(g, dim, 0, std::min(g.shape()[dim], extent - start));
  }
  grads[0] = pad(g, dim, start, extent - start - g.shape()[dim]);
}

LogicalResult ReverseOp::verify() { return checkStaticDim(getLoc(), getType(), static_cast<int64_t>(getDim())); }

OpFoldResult ReverseOp::fold(FoldAdaptor) {
  if (getType().getDimSize(getDim()) == 1)
    return getX();
  auto inner = getX().getDefiningOp<ReverseOp>();
  return inner && inner.getDim() == getDim() ? OpFoldResult(inner.getX()) : OpFoldResult();
}

// g from the last to the first.
void ReverseOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  grads[0] = builder.createOrFold<ReverseOp>(getLoc(), cotangents[0].getType(), cotangents[0], getDimAttr());
}

LogicalResult PadOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType x = tensorType(adaptor.getX());
  int64_t dim = adaptor.getDim(), low = adaptor.getLow(), high = adaptor.getHigh();
  if (failed(checkStaticDim(loc, x, dim)))
    return failure();
  if (low < 0 || high < 0)
    return emitOptionalError(loc, "low and high must not be negative. Received: low=", low, ", high=", high);
  types.push_back(withExtent(x, dim, low + x.getDimSize(dim) + high));
  return success();
}

OpFoldResult PadOp::fold(FoldAdaptor) { return getX().getType() == getType() ? OpFoldResult(getX()) : OpFoldResult(); }

// The part of g that was x.
void PadOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  int64_t dim = getDim(), low = getLow();
  grads[0] = slice(e(cotangents[0]), dim, low, low + tensorType(getX()).getDimSize(dim));
}

} // namespace cornu::ir
