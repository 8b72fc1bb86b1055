// Rows by number become nests of which one operand's row is found at run time (see passes::indirectionOf).
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/KernelAnalysis.h"
#include "passes/lowering/Copy.h"
#include "passes/lowering/Lowering.h"

using namespace mlir;

namespace cornu::passes {

bool Lowering::lowerIndexed(Operation *op) {
  auto gather = dyn_cast<ir::GatherOp>(op);
  auto scatter = dyn_cast<ir::ScatterAddOp>(op);
  if (!gather && !scatter)
    return false;
  Location loc = op->getLoc();
  Value indices = gather ? gather.getIndices() : scatter.getIndices();
  auto rows = storageType(gather ? gather.getType() : scatter.getRows().getType());
  auto table = storageType(gather ? gather.getTable().getType() : scatter.getType());
  // Loops over the indices and, within, the columns. A dimension of extent 1 has a loop where columns would end up without one, or
  // where the sum would end up without a reduction.
  bool oneIndex = loopsOver(rows.getShape().drop_back()).count == 0;
  SmallVector<AffineExpr> position;
  unsigned count = 0;
  for (int64_t extent : rows.getShape().drop_back())
    position.push_back(extent == 1 && !oneIndex ? b.getAffineConstantExpr(0) : b.getAffineDimExpr(count++));
  AffineExpr column = b.getAffineDimExpr(count++);
  auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(count, 0, exprs, b.getContext()); };
  AffineMap indexMap = map(position), tableMap = map({b.getAffineConstantExpr(0), column});
  position.push_back(column);
  AffineMap rowsMap = map(position);
  SmallVector<utils::IteratorType> iterators(count, utils::IteratorType::parallel);
  auto create = [&](Value x, Value init, ArrayRef<AffineMap> maps, unsigned indirect, llvm::function_ref<Value(OpBuilder &, ValueRange)> body) {
    auto generic = linalg::GenericOp::create(b, loc, init.getType(), ValueRange{x, lowered(indices)}, init, maps, iterators,
                                             [&](OpBuilder &nested, Location at, ValueRange args) { linalg::YieldOp::create(nested, at, body(nested, args)); });
    generic->setAttr("cornu.op", b.getStringAttr(opName));
    setIndirection(generic, {indirect, 1, table.getDimSize(0)});
    values.map(op->getResult(0), generic.getResult(0));
    return true;
  };
  if (gather)
    return create(lowered(gather.getTable()), createEmpty(b, loc, rows), {tableMap, indexMap, rowsMap}, 0, [](OpBuilder &, ValueRange args) { return args[0]; });
  std::fill(iterators.begin(), iterators.end() - 1, utils::IteratorType::reduction);
  Value start = scatter.getInto() ? ownStart(loc, scatter.getInto()) : filled(loc, table, b.getFloatAttr(table.getElementType(), 0));
  return create(lowered(scatter.getRows()), start, {rowsMap, indexMap, tableMap}, 2, [&](OpBuilder &nested, ValueRange args) {
    return arith::AddFOp::create(nested, loc, args[2], args[0]).getResult();
  });
}

} // namespace cornu::passes
