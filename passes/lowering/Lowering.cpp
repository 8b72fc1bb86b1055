#include "passes/lowering/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

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

Value Lowering::empty(Location loc, RankedTensorType type) {
  SmallVector<Value> dynamic;
  for (int64_t extent : type.getShape())
    if (ShapedType::isDynamic(extent))
      dynamic.push_back(ir::DynamicExtentOp::create(b, loc, b.getIndexType()));
  return tensor::EmptyOp::create(b, loc, type, dynamic);
}

Value Lowering::filled(Location loc, RankedTensorType type, TypedAttr value) {
  Value scalar = arith::ConstantOp::create(b, loc, value);
  return linalg::FillOp::create(b, loc, scalar, empty(loc, type)).getResult(0);
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
  return generic(loc, inputs, maps, empty(loc, storageType(type)), alignedMap(loops, type.getShape()), iterators, body, false);
}

/// A generic on values that are structured already.
static Value structuredCopy(OpBuilder &b, Location loc, Value x, Value init, AffineMap from, AffineMap to) {
  SmallVector<utils::IteratorType> iterators(to.getNumDims(), utils::IteratorType::parallel);
  auto op = linalg::GenericOp::create(b, loc, init.getType(), x, init, {from, to}, iterators,
                                      [](OpBuilder &nested, Location at, ValueRange args) { linalg::YieldOp::create(nested, at, args[0]); });
  op->setAttr("cornu.op", b.getStringAttr(from == to ? "copy" : "transpose"));
  return op.getResult(0);
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
  Value init = empty(loc, RankedTensorType::get(shape, type.getElementType()));
  return structuredCopy(b, loc, x, init, AffineMap::get(loops.count, 0, from, b.getContext()), alignedMap(loops, shape));
}

Value Lowering::copy(Location loc, Value x) {
  auto type = cast<RankedTensorType>(x.getType());
  Loops loops = loopsOver(type.getShape());
  AffineMap map = alignedMap(loops, type.getShape());
  return structuredCopy(b, loc, x, empty(loc, type), map, map);
}

Value Lowering::ownResult(Location loc, Value x, llvm::SmallPtrSetImpl<Value> &taken, bool joined) {
  bool owned = x.getDefiningOp<linalg::GenericOp>() || (joined && x.getDefiningOp<ir::ConcatenateOp>());
  if (!owned || !taken.insert(x).second) {
    x = copy(loc, x);
    taken.insert(x);
  }
  return x;
}

bool Lowering::isContiguous(Value x) {
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
  for (BlockArgument argument : block.getArguments())
    values.map(argument, argument);
  llvm::SmallPtrSet<Value, 16> taken;
  for (Operation *op : ops) {
    b.setInsertionPoint(op);
    opName = op->getName().stripDialect();
    if (auto read = dyn_cast<ir::ReadOp>(op)) {
      values.map(read.getY(), read.getY());
    } else if (auto assign = dyn_cast<ir::AssignOp>(op)) {
      assign.getValueMutable().assign(ownResult(op->getLoc(), lowered(assign.getValue()), taken, /*joined=*/false));
    } else if (auto ret = dyn_cast<func::ReturnOp>(op)) {
      for (OpOperand &operand : ret->getOpOperands())
        operand.set(ownResult(op->getLoc(), lowered(operand.get()), taken, /*joined=*/true));
      SmallVector<Type> types(ret->getOperandTypes());
      function.setFunctionType(b.getFunctionType(function.getArgumentTypes(), types));
    } else if (!lowerElementwise(op) && !lowerContraction(op) && !lowerReduction(op) && !lowerShape(op) && !lowerRandom(op)) {
      return op->emitOpError("has no lowering to structured ops");
    }
  }
  // What was replaced is dead now, users before definitions.
  for (Operation *op : llvm::reverse(ops))
    if (op->getNumResults() && op->use_empty())
      op->erase();
  return success();
}

} // namespace cornu::passes
