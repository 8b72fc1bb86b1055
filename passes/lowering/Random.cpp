#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/lowering/Copy.h"
#include "passes/lowering/Lowering.h"

using namespace mlir;

namespace cornu::passes {

bool Lowering::lowerRandom(Operation *op) {
  auto random = dyn_cast<ir::RandomUniformOp>(op);
  if (!random)
    return false;
  Location loc = op->getLoc();
  auto type = cast<RankedTensorType>(random.getType());
  Loops loops = loopsOver(type.getShape());
  SmallVector<int64_t> strides(type.getRank(), 1);
  for (int64_t d = type.getRank() - 2; d >= 0; --d)
    strides[d] = strides[d + 1] * type.getDimSize(d + 1);
  // Seed and step, each broadcast: two reads of the state with constant maps.
  Value state = lowered(random.getState());
  auto at = [&](int64_t i) { return AffineMap::get(loops.count, 0, {b.getAffineConstantExpr(i)}, b.getContext()); };
  SmallVector<utils::IteratorType> iterators(loops.count, utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      b, loc, type, ValueRange{state, state}, createEmpty(b, loc, type), {at(0), at(1), alignedMap(loops, type.getShape())}, iterators,
      [&](OpBuilder &nested, Location here, ValueRange args) {
        Type i64 = nested.getI64Type();
        auto constant = [&](int64_t value) { return arith::ConstantOp::create(nested, here, nested.getI64IntegerAttr(value)).getResult(); };
        Value base = constant(0), offset = constant(0);
        bool even = true;
        for (auto [d, loop] : llvm::enumerate(loops.loopOf)) {
          if (loop < 0)
            continue;
          Value index = arith::IndexCastOp::create(nested, here, i64, linalg::IndexOp::create(nested, here, loop));
          if (loop + 1 == static_cast<int>(loops.count))
            offset = index;
          else
            base = arith::AddIOp::create(nested, here, base, arith::MulIOp::create(nested, here, index, constant(strides[d])));
          even &= loop + 1 == static_cast<int>(loops.count) || strides[d] % 2 == 0;
        }
        Value word = ir::PhiloxOp::create(nested, here, args[0], args[1], base, offset, even);
        // The upper 24 bits as a fraction.
        Value bits = arith::ShRUIOp::create(nested, here, word, arith::ConstantOp::create(nested, here, nested.getI32IntegerAttr(8)));
        Type element = type.getElementType();
        Value fraction = arith::SIToFPOp::create(nested, here, element, bits);
        Value scale = arith::ConstantOp::create(nested, here, nested.getFloatAttr(element, 0x1p-24));
        linalg::YieldOp::create(nested, here, arith::MulFOp::create(nested, here, fraction, scale).getResult());
      });
  generic->setAttr("cornu.op", b.getStringAttr("random"));
  values.map(random.getY(), generic.getResult(0));
  return true;
}

} // namespace cornu::passes
