#include "passes/lowering/Copy.h"

#include "ir/CornuOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace cornu::passes {
using namespace mlir;

Value createEmpty(OpBuilder &builder, Location loc, RankedTensorType type) {
  SmallVector<Value> dynamic;
  for (int64_t extent : type.getShape())
    if (ShapedType::isDynamic(extent))
      dynamic.push_back(ir::DynamicExtentOp::create(builder, loc, builder.getIndexType()));
  return tensor::EmptyOp::create(builder, loc, type, dynamic);
}

Value createMove(OpBuilder &builder, Location loc, StringRef name, Value x, RankedTensorType type, AffineMap from, AffineMap to) {
  SmallVector<utils::IteratorType> iterators(to.getNumDims(), utils::IteratorType::parallel);
  auto op = linalg::GenericOp::create(builder, loc, type, x, createEmpty(builder, loc, type), {from, to}, iterators,
                                      [](OpBuilder &nested, Location at, ValueRange args) { linalg::YieldOp::create(nested, at, args[0]); });
  op->setAttr("cornu.op", builder.getStringAttr(name));
  return op.getResult(0);
}

Value createCopy(OpBuilder &builder, Location loc, Value x) {
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<AffineExpr> exprs;
  unsigned loops = 0;
  for (int64_t extent : type.getShape())
    exprs.push_back(extent == 1 ? builder.getAffineConstantExpr(0) : builder.getAffineDimExpr(loops++));
  AffineMap map = AffineMap::get(loops, 0, exprs, builder.getContext());
  return createMove(builder, loc, "copy", x, type, map, map);
}

bool isCopy(linalg::GenericOp op) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  return maps.size() == 2 && maps[0] == maps[1] && !op->hasAttr("cornu.indirect") && op.getBody()->getTerminator()->getOperand(0) == op.getBody()->getArgument(0);
}

} // namespace cornu::passes
