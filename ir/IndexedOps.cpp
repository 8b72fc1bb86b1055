// Rows by number. In the rules g is the cotangent of the result.
#include "ir/Expr.h"

namespace cornu::ir {
using namespace mlir;

/// The shape of a row for each index.
static SmallVector<int64_t> rowsShape(RankedTensorType table, RankedTensorType indices) {
  SmallVector<int64_t> shape(indices.getShape());
  shape.push_back(table.getDimSize(1));
  return shape;
}

static bool isTable(RankedTensorType type, RankedTensorType indices) {
  return type.getRank() == 2 && type.hasStaticShape() && type.getDimSize(0) > 0 && indices.getRank() > 0;
}
constexpr const char *tableRule = "a table has two static dimensions and at least one row, indices at least one dimension. Received: shapes ";

LogicalResult GatherOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType table = tensorType(adaptor.getTable()), indices = tensorType(adaptor.getIndices());
  if (!isTable(table, indices))
    return emitOptionalError(loc, tableRule, shapeText(table.getShape()), " and ", shapeText(indices.getShape()));
  types.push_back(RankedTensorType::get(rowsShape(table, indices), table.getElementType()));
  return success();
}

// A row gathers what flows back to all of its copies.
void GatherOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  grads[0] = ScatterAddOp::create(builder, getLoc(), getTable().getType(), cotangents[0], getIndices());
}

LogicalResult ScatterAddOp::verify() {
  RankedTensorType table = tensorType(getTable()), rows = tensorType(getRows()), indices = tensorType(getIndices());
  if (!isTable(table, indices))
    return emitOpError(tableRule) << shapeText(table.getShape()) << " and " << shapeText(indices.getShape());
  if (rows.getShape() != ArrayRef(rowsShape(table, indices)) || rows.getElementType() != table.getElementType())
    return emitOpError("needs a row of the table's for each index. Received: ") << rows << " for " << table;
  if (getInto() && getInto().getType() != table)
    return emitOpError("adds to a table of the result's type. Received: ") << getInto().getType() << " for " << table;
  return success();
}

void ScatterAddOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  grads[0] = GatherOp::create(builder, getLoc(), cotangents[0], getIndices());
  if (getInto())
    grads[2] = cotangents[0];
}

} // namespace cornu::ir
