// Philox2x32-10 on vectors. 32-bit words are kept in 64-bit lanes, where a product needs no shuffles; what overflows into the upper half is never read.
#include "codegen/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

struct Words {
  KernelBuilder &kb;
  Type type;                // i64, or a vector of them

  Value constant(uint64_t value) const {
    TypedAttr attr = kb.b.getI64IntegerAttr(static_cast<int64_t>(value));
    if (auto vector = dyn_cast<VectorType>(type))
      attr = DenseElementsAttr::get(vector, attr);
    return arith::ConstantOp::create(kb.b, kb.loc, attr);
  }
  Value low(Value x) const { return arith::AndIOp::create(kb.b, kb.loc, x, constant(0xFFFFFFFF)); }
  Value shiftRight(Value x, uint64_t bits) const { return arith::ShRUIOp::create(kb.b, kb.loc, x, constant(bits)); }
  Value exclusiveOr(Value x, Value y) const { return arith::XOrIOp::create(kb.b, kb.loc, x, y); }

  /// (c0, c1) <- (hi(M c0) ^ k ^ c1, lo(M c0)), k <- k + W; ten times. (Salmon et al., SC'11)
  std::pair<Value, Value> block(Value c0, Value c1, Value key) const {
    Value multiplier = constant(0xD256D193), weyl = constant(0x9E3779B9);
    for (int round = 0; round < 10; ++round) {
      Value product = arith::MulIOp::create(kb.b, kb.loc, multiplier, low(c0));
      c0 = exclusiveOr(shiftRight(product, 32), exclusiveOr(key, c1));
      c1 = product;
      if (round < 9)
        key = arith::AddIOp::create(kb.b, kb.loc, key, weyl);
    }
    return {c0, c1};
  }
};

} // namespace

Value KernelBuilder::randomWords(Value seed, Value step, Value base, Value offset, bool evenBase, Lanes lanes) {
  auto isVector = [](Value value) { return isa<VectorType>(value.getType()); };
  auto first = [&](Value value) -> Value {
    return isVector(value) ? vector::ExtractOp::create(b, loc, value, ArrayRef<int64_t>{0}).getResult() : value;
  };
  // Consecutive words from an even one on: half as many blocks, whose words lie in order.
  if (evenBase && isVector(offset) && !isVector(base) && lanes.count % 2 == 0) {
    Lanes half{lanes.count / 2, nullptr};
    auto pairs = VectorType::get({half.count}, b.getI64Type());
    Words words{*this, pairs};
    SmallVector<int64_t> steps(half.count);
    std::iota(steps.begin(), steps.end(), 0);
    Value position = arith::AddIOp::create(b, loc, base, first(offset));
    Value block = arith::ShRUIOp::create(b, loc, position, arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(1)));
    Value counters = arith::AddIOp::create(b, loc, splat(block, half), arith::ConstantOp::create(b, loc, DenseElementsAttr::get(pairs, ArrayRef(steps))));
    auto [c0, c1] = words.block(counters, splat(first(step), half), splat(first(seed), half));
    Value both = arith::OrIOp::create(b, loc, words.low(c0), arith::ShLIOp::create(b, loc, c1, words.constant(32)));
    return vector::BitCastOp::create(b, loc, VectorType::get({lanes.count}, b.getI32Type()), both);
  }
  if (isVector(base) || isVector(offset))
    for (Value *value : {&seed, &step, &base, &offset})
      *value = splat(*value, lanes);
  else
    seed = first(seed), step = first(step);
  Words words{*this, base.getType()};
  Value position = arith::AddIOp::create(b, loc, base, offset);
  auto [c0, c1] = words.block(words.shiftRight(position, 1), step, seed);
  Value odd = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, arith::AndIOp::create(b, loc, position, words.constant(1)), words.constant(0));
  Type i32 = b.getI32Type();
  if (auto vector = dyn_cast<VectorType>(words.type))
    i32 = VectorType::get(vector.getShape(), i32);
  return arith::TruncIOp::create(b, loc, i32, arith::SelectOp::create(b, loc, odd, c1, c0));
}

} // namespace cornu::codegen
