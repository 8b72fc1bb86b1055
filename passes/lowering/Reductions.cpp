#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/lowering/Copy.h"
#include "passes/lowering/Lowering.h"

using namespace mlir;

namespace cornu::passes {

/// Combining step and neutral element of a reduction op. The sign of a zero maximum does not matter.
static Value combine(Operation *op, OpBuilder &b, Location loc, Value x, Value accumulator) {
  bool isFloat = isa<FloatType>(x.getType());
  if (isa<ir::ReduceSumOp>(op))
    return isFloat ? arith::AddFOp::create(b, loc, accumulator, x).getResult() : arith::AddIOp::create(b, loc, accumulator, x).getResult();
  if (isa<ir::ReduceMaxOp>(op))
    return isFloat ? arith::MaximumFOp::create(b, loc, accumulator, x, arith::FastMathFlags::nsz).getResult() : arith::MaxSIOp::create(b, loc, accumulator, x).getResult();
  return isFloat ? arith::MinimumFOp::create(b, loc, accumulator, x, arith::FastMathFlags::nsz).getResult() : arith::MinSIOp::create(b, loc, accumulator, x).getResult();
}

static TypedAttr neutral(Operation *op, OpBuilder &b, Type type) {
  if (isa<ir::ReduceSumOp>(op))
    return b.getZeroAttr(type);
  bool isMax = isa<ir::ReduceMaxOp>(op);
  if (isa<FloatType>(type))
    return b.getFloatAttr(type, isMax ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity());
  unsigned bits = type.getIntOrFloatBitWidth();
  return b.getIntegerAttr(type, isMax ? APInt::getSignedMinValue(bits) : APInt::getSignedMaxValue(bits));
}

bool Lowering::lowerReduction(Operation *op) {
  if (!isa<ir::ReduceSumOp, ir::ReduceMaxOp, ir::ReduceMinOp>(op))
    return false;
  Location loc = op->getLoc();
  Value x = op->getOperand(0);
  auto type = cast<RankedTensorType>(x.getType());
  auto resultType = storageType(op->getResult(0).getType());
  auto dims = op->getAttrOfType<DenseI64ArrayAttr>("dims").asArrayRef();
  bool keep = op->hasAttr("keepdims");
  Loops loops = loopsOver(type.getShape());
  SmallVector<utils::IteratorType> iterators(loops.count, utils::IteratorType::parallel);
  SmallVector<AffineExpr> output;
  bool reduces = false;
  for (auto [d, loop] : llvm::enumerate(loops.loopOf)) {
    bool reduced = llvm::is_contained(dims, static_cast<int64_t>(d));
    if (reduced && loop >= 0) {
      iterators[loop] = utils::IteratorType::reduction;
      reduces = true;
    }
    if (!reduced || keep)
      output.push_back(reduced || loop < 0 ? b.getAffineConstantExpr(0) : b.getAffineDimExpr(loop));
  }
  AffineMap outputMap = AffineMap::get(loops.count, 0, output, b.getContext());
  AffineMap inputMap = alignedMap(loops, type.getShape());
  // A nest reduces its outer loops or its inner ones: bring reduced loops from the middle to the end.
  auto isReduction = [](utils::IteratorType t) { return t == utils::IteratorType::reduction; };
  if (!std::is_partitioned(iterators.begin(), iterators.end(), isReduction) && !std::is_partitioned(iterators.rbegin(), iterators.rend(), isReduction)) {
    SmallVector<unsigned> order;
    for (bool reduced : {false, true})
      for (unsigned d = 0; d < loops.count; ++d)
        if (isReduction(iterators[d]) == reduced)
          order.push_back(d);
    SmallVector<AffineExpr> moved(loops.count);
    SmallVector<utils::IteratorType> movedIterators;
    for (auto [to, from] : llvm::enumerate(order)) {
      moved[from] = b.getAffineDimExpr(to);
      movedIterators.push_back(iterators[from]);
    }
    inputMap = inputMap.replaceDimsAndSymbols(moved, {}, loops.count, 0);
    outputMap = outputMap.replaceDimsAndSymbols(moved, {}, loops.count, 0);
    iterators = movedIterators;
  }
  Value init = reduces ? filled(loc, resultType, neutral(op, b, resultType.getElementType())) : createEmpty(b, loc, resultType);
  Value result = generic(loc, x, inputMap, init, outputMap, iterators,
                         [&](OpBuilder &nested, Location at, ValueRange args) {
                           return reduces ? combine(op, nested, at, args[0], args[1]) : args[0];
                         },
                         reduces);
  values.map(op->getResult(0), result);
  return true;
}

} // namespace cornu::passes
