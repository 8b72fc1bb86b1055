#include "passes/lowering/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "passes/lowering/Copy.h"
#include "passes/memory/Strides.h"

using namespace mlir;

namespace cornu::passes {

RankedTensorType Lowering::storageType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  if (tensor.getElementType().isInteger(1))
    return tensor.clone(IntegerType::get(type.getContext(), 8));
  return tensor;
}

Lowering::Loops Lowering::loopsOver(ArrayRef<int64_t> shape) {
  Loops loops;
  for (int64_t extent : shape)
    loops.loopOf.push_back(extent == 1 ? -1 : static_cast<int>(loops.count++));
  return loops;
}

AffineMap Lowering::alignedMap(const Loops &loops, ArrayRef<int64_t> operandShape) {
  SmallVector<AffineExpr> exprs;
  unsigned lead = loops.loopOf.size() - operandShape.size();
  for (auto [t, extent] : llvm::enumerate(operandShape)) {
    int loop = loops.loopOf[lead + t];
    exprs.push_back(extent == 1 || loop < 0 ? b.getAffineConstantExpr(0) : b.getAffineDimExpr(loop));
  }
  return AffineMap::get(loops.count, 0, exprs, b.getContext());
}

Value Lowering::filled(Location loc, RankedTensorType type, TypedAttr value) {
  Value scalar = arith::ConstantOp::create(b, loc, value);
  return linalg::FillOp::create(b, loc, scalar, createEmpty(b, loc, type)).getResult(0);
}

/// The value of a tensor that holds one number everywhere, known at compile time.
static TypedAttr splatOf(Value value) {
  auto constant = value.getDefiningOp<ir::ConstantOp>();
  auto dense = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  if (!dense || !dense.isSplat())
    return {};
  return cast<TypedAttr>(dense.getSplatValue<Attribute>());
}

Value Lowering::generic(Location loc, ArrayRef<Value> inputs, ArrayRef<AffineMap> maps, Value init, AffineMap outputMap,
                        ArrayRef<utils::IteratorType> iterators, Body body, bool reduction) {
  SmallVector<Value> operands;
  SmallVector<AffineMap> operandMaps;
  SmallVector<TypedAttr> constants;
  for (auto [input, map] : llvm::zip_equal(inputs, maps)) {
    // The loops of a reduction are known from its operand alone: that one stays a tensor.
    TypedAttr splat = reduction ? TypedAttr() : splatOf(input);
    constants.push_back(splat);
    if (splat)
      continue;
    operands.push_back(lowered(input));
    operandMaps.push_back(map);
  }
  operandMaps.push_back(outputMap);
  bool boolResult = false;
  auto op = linalg::GenericOp::create(
      b, loc, init.getType(), operands, init, operandMaps, iterators, [&](OpBuilder &nested, Location at, ValueRange args) {
        SmallVector<Value> scalars;
        unsigned next = 0;
        for (auto [i, input] : llvm::enumerate(inputs)) {
          Value scalar = constants[i] ? arith::ConstantOp::create(nested, at, constants[i]).getResult() : args[next++];
          bool isBool = getElementTypeOrSelf(input.getType()).isInteger(1);
          if (isBool && !constants[i])
            scalar = arith::TruncIOp::create(nested, at, nested.getI1Type(), scalar);
          scalars.push_back(scalar);
        }
        if (reduction)
          scalars.push_back(args.back());
        Value result = body(nested, at, scalars);
        boolResult = result.getType().isInteger(1);
        if (boolResult)
          result = arith::ExtUIOp::create(nested, at, nested.getI8Type(), result);
        linalg::YieldOp::create(nested, at, result);
      });
  op->setAttr("cornu.op", b.getStringAttr(opName));
  return op.getResult(0);
}

Value Lowering::pointwise(Location loc, RankedTensorType type, ArrayRef<Value> inputs, Body body) {
  Loops loops = loopsOver(type.getShape());
  SmallVector<AffineMap> maps;
  for (Value input : inputs)
    maps.push_back(alignedMap(loops, cast<RankedTensorType>(input.getType()).getShape()));
  SmallVector<utils::IteratorType> iterators(loops.count, utils::IteratorType::parallel);
  return generic(loc, inputs, maps, createEmpty(b, loc, storageType(type)), alignedMap(loops, type.getShape()), iterators, body, false);
}

Value Lowering::transposed(Location loc, Value x, ArrayRef<int64_t> perm) {
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<int64_t> shape;
  for (int64_t p : perm)
    shape.push_back(type.getDimSize(p));
  Loops loops = loopsOver(shape);
  SmallVector<AffineExpr> from(perm.size());
  for (auto [d, p] : llvm::enumerate(perm))
    from[p] = loops.loopOf[d] < 0 ? b.getAffineConstantExpr(0) : b.getAffineDimExpr(loops.loopOf[d]);
  // What comes from above a loop is transposed there, once.
  OpBuilder::InsertionGuard guard(b);
  if (Operation *loop = x.getParentBlock()->findAncestorOpInBlock(*b.getInsertionBlock()->getParentOp()))
    b.setInsertionPoint(loop);
  return createMove(b, loc, "transpose", x, type.clone(shape), AffineMap::get(loops.count, 0, from, b.getContext()), alignedMap(loops, shape));
}

Value Lowering::ownResult(Location loc, Value x, llvm::SmallPtrSetImpl<Value> &taken, bool joined) {
  Operation *def = x.getDefiningOp();
  bool owned = def && def->getBlock() == b.getInsertionBlock() && (isa<linalg::GenericOp>(def) || (joined && isa<ir::ConcatenateOp, ir::ScanOp>(def)));
  if (!owned || !taken.insert(x).second) {
    x = createCopy(b, loc, x);
    taken.insert(x);
  }
  return x;
}

Value Lowering::ownStart(Location loc, Value start) {
  Value value = lowered(start);
  Operation *def = value.getDefiningOp();
  bool own = start.hasOneUse() && def && def->getBlock() == b.getInsertionBlock() && isa<linalg::GenericOp>(def);
  return own ? value : createCopy(b, loc, value);
}

bool Lowering::isOfLoop(Value x) {
  Value stacked = x;
  if (auto reshape = x.getDefiningOp<ir::ReshapeOp>()) {
    stacked = reshape.getX();
    ArrayRef<int64_t> shape = cast<RankedTensorType>(x.getType()).getShape();
    if (failed(splitStrides(shape, SmallVector<Stride>(shape.size()), cast<RankedTensorType>(stacked.getType()).getShape())))
      return false;
  }
  auto scan = stacked.getDefiningOp<ir::ScanOp>();
  return scan && scan->getBlock() == x.getParentBlock() && llvm::is_contained(scan.getStacked(), stacked) && stacked.hasOneUse() && x.hasOneUse() &&
         x.use_begin()->getOwner()->getBlock() == x.getParentBlock();
}

bool Lowering::isContiguous(Value x) {
  if (auto argument = dyn_cast<BlockArgument>(x)) {
    // The slice of a sequence: contiguous if nothing lies in front of the axis.
    auto scan = dyn_cast<ir::ScanOp>(argument.getOwner()->getParentOp());
    if (!scan || !llvm::is_contained(scan.getSlices(), argument))
      return true;
    auto type = cast<RankedTensorType>(scan.getSequences()[argument.getArgNumber() - scan.getInits().size()].getType());
    return llvm::all_of(type.getShape().take_front(scan.getAxis()), [](int64_t extent) { return extent == 1; });
  }
  if (x.getDefiningOp<ir::SliceOp>())
    return false;
  if (auto reshape = x.getDefiningOp<ir::ReshapeOp>())
    return isContiguous(reshape.getX());
  return true;
}

LogicalResult Lowering::run() {
  Block &block = function.getBody().front();
  SmallVector<Operation *> ops;
  for (Operation &op : block)
    ops.push_back(&op);
  // Behind each argument another of the type that memory has; the first goes when nothing uses it any more.
  for (BlockArgument argument : llvm::to_vector(block.getArguments()))
    values.map(argument, block.addArgument(storageType(argument.getType()), argument.getLoc()));
  llvm::SmallPtrSet<Value, 16> taken;
  for (Operation *op : ops) {
    b.setInsertionPoint(op);
    if (auto assign = dyn_cast<ir::AssignOp>(op)) {
      assign.getValueMutable().assign(ownResult(op->getLoc(), lowered(assign.getValue()), taken, /*joined=*/false));
    } else if (auto ret = dyn_cast<func::ReturnOp>(op)) {
      for (OpOperand &operand : ret->getOpOperands())
        operand.set(isOfLoop(operand.get()) ? lowered(operand.get()) : ownResult(op->getLoc(), lowered(operand.get()), taken, /*joined=*/true));
    } else if (failed(lower(op))) {
      return failure();
    }
  }
  // What was replaced is dead now, users before definitions.
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
  block.eraseArguments(0, block.getNumArguments() / 2);
  function.setFunctionType(b.getFunctionType(block.getArgumentTypes(), block.getTerminator()->getOperandTypes()));
  return success();
}

LogicalResult Lowering::lower(Operation *op) {
  opName = op->getName().stripDialect();
  if (auto read = dyn_cast<ir::ReadOp>(op)) {
    values.map(read.getY(), read.getY());
    return success();
  }
  if (auto scan = dyn_cast<ir::ScanOp>(op))
    return lowerScan(scan);
  if (!lowerElementwise(op) && !lowerContraction(op) && !lowerReduction(op) && !lowerShape(op) && !lowerIndexed(op) && !lowerRandom(op))
    return op->emitOpError("has no lowering to structured ops");
  return success();
}

} // namespace cornu::passes
