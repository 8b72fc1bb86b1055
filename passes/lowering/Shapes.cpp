#include "llvm/ADT/TypeSwitch.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/lowering/Copy.h"
#include "passes/lowering/Lowering.h"

using namespace mlir;

namespace cornu::passes {

bool Lowering::lowerShape(Operation *op) {
  Location loc = op->getLoc();
  auto type = op->getNumResults() == 1 ? dyn_cast<RankedTensorType>(op->getResult(0).getType()) : RankedTensorType();
  auto done = [&](Value value) {
    values.map(op->getResult(0), value);
    return true;
  };
  auto number = [](OpBuilder &nested, Location at, Value index, Type element) -> Value {
    if (isa<FloatType>(element))
      return arith::SIToFPOp::create(nested, at, element, arith::IndexCastOp::create(nested, at, nested.getI32Type(), index));
    return arith::IndexCastOp::create(nested, at, element, index);
  };
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<ir::ConstantOp>([&](ir::ConstantOp constant) {
        auto dense = cast<DenseElementsAttr>(constant.getValue());
        if (!dense.isSplat()) {
          // The planner gives it memory.
          auto kept = arith::ConstantOp::create(b, loc, dense);
          return done(kept);
        }
        // Users take the number itself (see generic); this is for those that need it in memory.
        return done(pointwise(loc, type, op->getResult(0), [](OpBuilder &, Location, ValueRange x) { return x[0]; }));
      })
      .Case<ir::BatchSizeOp>([&](auto) {
        Value init = createEmpty(b, loc, type);
        return done(generic(loc, {}, {}, init, AffineMap::get(0, 0, {}, b.getContext()), {},
                            [](OpBuilder &nested, Location at, ValueRange) -> Value {
                              return arith::IndexCastOp::create(nested, at, nested.getI64Type(),
                                                                ir::DynamicExtentOp::create(nested, at, nested.getIndexType()));
                            },
                            false));
      })
      .Case<ir::IotaOp>([&](ir::IotaOp iota) {
        Loops loops = loopsOver(type.getShape());
        int loop = loops.loopOf[iota.getDim()];
        return done(pointwise(loc, type, {}, [&](OpBuilder &nested, Location at, ValueRange) -> Value {
          Value index = loop < 0 ? arith::ConstantIndexOp::create(nested, at, 0).getResult()
                                 : linalg::IndexOp::create(nested, at, loop).getResult();
          return number(nested, at, index, type.getElementType());
        }));
      })
      .Case<ir::BroadcastToOp>([&](ir::BroadcastToOp broadcast) {
        return done(pointwise(loc, type, broadcast.getX(), [](OpBuilder &, Location, ValueRange x) { return x[0]; }));
      })
      .Case<ir::ReshapeOp>([&](ir::ReshapeOp reshape) {
        Value x = lowered(reshape.getX());
        if (!isContiguous(x))
          x = createCopy(b, loc, x);
        return done(ir::ReshapeOp::create(b, loc, storageType(type), x));
      })
      .Case<ir::TransposeOp>([&](ir::TransposeOp transpose) {
        return done(transposed(loc, lowered(transpose.getX()), transpose.getPerm()));
      })
      .Case<ir::SliceOp>([&](ir::SliceOp slice) {
        auto view = ir::SliceOp::create(b, loc, storageType(type), lowered(slice.getX()), slice.getDim(), slice.getStart(), slice.getLimit(),
                                         slice.getStep());
        return done(view);
      })
      .Case<ir::ReverseOp>([&](ir::ReverseOp reverse) {
        Loops loops = loopsOver(type.getShape());
        AffineMap to = alignedMap(loops, type.getShape());
        SmallVector<AffineExpr> from(to.getResults());
        AffineExpr &turned = from[reverse.getDim()];
        turned = type.getDimSize(reverse.getDim()) - 1 - turned;
        return done(createMove(b, loc, "reverse", lowered(reverse.getX()), storageType(type), AffineMap::get(loops.count, 0, from, b.getContext()), to));
      })
      .Case<ir::ConcatenateOp>([&](ir::ConcatenateOp concatenate) {
        SmallVector<Value> pieces;
        for (Value x : concatenate.getXs()) {
          // What is joined of pieces itself or stacked by a loop, and goes nowhere else, lies within the whole.
          Value piece = lowered(x);
          bool joined = x.hasOneUse() && x.getDefiningOp<ir::ConcatenateOp>() && piece.getDefiningOp<ir::ConcatenateOp>();
          pieces.push_back(joined || isOfLoop(x) ? piece : createCopy(b, loc, piece));
        }
        return done(ir::ConcatenateOp::create(b, loc, storageType(type), pieces, concatenate.getDim()));
      })
      .Case<ir::PadOp>([&](ir::PadOp pad) {
        // Along several dimensions, pads of pads: x is copied once.
        auto inner = pad.getX().getDefiningOp<ir::PadOp>();
        Value x = lowered(pad.getX());
        bool joined = inner && inner->hasOneUse() && x.getDefiningOp<ir::ConcatenateOp>();
        Type element = storageType(type).getElementType();
        double number = pad.getValue().convertToDouble();
        TypedAttr fill = isa<FloatType>(element) ? TypedAttr(b.getFloatAttr(element, number)) : b.getIntegerAttr(element, static_cast<int64_t>(number));
        return done(padded(loc, joined ? x : createCopy(b, loc, x), pad.getDim(), pad.getLow(), pad.getHigh(), fill));
      })
      .Default([](Operation *) { return false; });
}

Value Lowering::padded(Location loc, Value x, int64_t dim, int64_t low, int64_t high, TypedAttr fill) {
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<int64_t> shape(type.getShape());
  SmallVector<Value> pieces;
  auto filling = [&](int64_t extent) {
    if (extent == 0)
      return;
    shape[dim] = extent;
    pieces.push_back(pointwise(loc, type.clone(shape), {}, [&](OpBuilder &nested, Location at, ValueRange) -> Value {
      return arith::ConstantOp::create(nested, at, fill);
    }));
  };
  filling(low);
  pieces.push_back(x);
  filling(high);
  if (pieces.size() == 1)
    return x;
  shape[dim] = low + type.getDimSize(dim) + high;
  return ir::ConcatenateOp::create(b, loc, type.clone(shape), pieces, dim);
}

} // namespace cornu::passes
