#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
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
  // Row-major position as the counter, in 32 bits.
  SmallVector<int64_t> strides(type.getRank(), 1);
  for (int64_t d = type.getRank() - 2; d >= 0; --d)
    strides[d] = strides[d + 1] * type.getDimSize(d + 1);
  Type i32 = b.getI32Type();
  // Seed and step, each broadcast: two reads of the state with constant maps.
  Value state = lowered(random.getState());
  auto at = [&](int64_t i) { return AffineMap::get(loops.count, 0, {b.getAffineConstantExpr(i)}, b.getContext()); };
  SmallVector<utils::IteratorType> iterators(loops.count, utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      b, loc, type, ValueRange{state, state}, empty(loc, type), {at(0), at(1), alignedMap(loops, type.getShape())}, iterators,
      [&](OpBuilder &nested, Location here, ValueRange args) {
        // 32-bit words are kept in 64-bit lanes, where a product needs no shuffles; what overflows into the upper half is never read.
        Type i64 = nested.getI64Type();
        auto constant = [&](uint64_t value) { return arith::ConstantOp::create(nested, here, nested.getI64IntegerAttr(value)).getResult(); };
        auto low = [&](Value x) { return arith::AndIOp::create(nested, here, x, constant(0xFFFFFFFF)).getResult(); };
        Value position = constant(0);
        for (auto [d, loop] : llvm::enumerate(loops.loopOf)) {
          if (loop < 0)
            continue;
          Value index = arith::IndexCastOp::create(nested, here, i64, linalg::IndexOp::create(nested, here, loop));
          position = arith::AddIOp::create(nested, here, position, arith::MulIOp::create(nested, here, index, constant(strides[d])));
        }
        // Philox2x32-10: (c0, c1) ← (hi(M·c0) ⊕ k ⊕ c1, lo(M·c0)), k ← k + W.
        Value c0 = position, c1 = args[1], key = args[0];
        Value multiplier = constant(0xD256D193), weyl = constant(0x9E3779B9), half = constant(32);
        for (int round = 0; round < 10; ++round) {
          Value product = arith::MulIOp::create(nested, here, multiplier, low(c0));
          Value high = arith::ShRUIOp::create(nested, here, product, half);
          c0 = arith::XOrIOp::create(nested, here, high, arith::XOrIOp::create(nested, here, key, c1));
          c1 = product;
          if (round < 9)
            key = arith::AddIOp::create(nested, here, key, weyl);
        }
        // The upper 24 bits as a fraction.
        Value bits = arith::TruncIOp::create(nested, here, i32, arith::ShRUIOp::create(nested, here, low(c0), constant(8)));
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
