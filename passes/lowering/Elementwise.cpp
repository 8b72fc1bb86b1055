#include "llvm/ADT/TypeSwitch.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "passes/lowering/Lowering.h"

using namespace mlir;

namespace cornu::passes {
namespace {

/// Scalar arithmetic with constants of the operand's type.
struct Scalar {
  OpBuilder &b;
  Location loc;

  Value number(Type type, double value) const {
    if (isa<FloatType>(type))
      return arith::ConstantOp::create(b, loc, b.getFloatAttr(type, value));
    return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, static_cast<int64_t>(value)));
  }
  template <typename FloatOp, typename IntOp>
  Value either(Value x, Value y) const {
    if (isa<FloatType>(x.getType()))
      return FloatOp::create(b, loc, x, y);
    return IntOp::create(b, loc, x, y);
  }
  Value add(Value x, Value y) const { return either<arith::AddFOp, arith::AddIOp>(x, y); }
  Value sub(Value x, Value y) const { return either<arith::SubFOp, arith::SubIOp>(x, y); }
  Value mul(Value x, Value y) const { return either<arith::MulFOp, arith::MulIOp>(x, y); }
  Value div(Value x, Value y) const { return either<arith::DivFOp, arith::DivSIOp>(x, y); }
  /// The sign of a zero does not matter; a NaN stays.
  template <typename FloatOp, typename IntOp>
  Value extreme(Value x, Value y) const {
    if (isa<FloatType>(x.getType()))
      return FloatOp::create(b, loc, x, y, arith::FastMathFlags::nsz);
    return IntOp::create(b, loc, x, y);
  }
  Value select(Value c, Value x, Value y) const { return arith::SelectOp::create(b, loc, c, x, y); }
  Value less(Value x, Value y) const { return compare(ir::Predicate::lt, x, y); }

  Value compare(ir::Predicate predicate, Value x, Value y) const {
    using F = arith::CmpFPredicate;
    using I = arith::CmpIPredicate;
    static constexpr F floats[] = {F::OEQ, F::UNE, F::OLT, F::OLE, F::OGT, F::OGE};
    static constexpr I ints[] = {I::eq, I::ne, I::slt, I::sle, I::sgt, I::sge};
    unsigned p = static_cast<unsigned>(predicate);
    if (isa<FloatType>(x.getType()))
      return arith::CmpFOp::create(b, loc, floats[p], x, y);
    return arith::CmpIOp::create(b, loc, ints[p], x, y);
  }

  /// x^y = ±|x|^y: negative where x is negative and y odd, NaN where x is negative and y no integer; x^0 = 1.
  Value power(Value x, Value y) const {
    using ir::Predicate;
    Type type = x.getType();
    Value zero = number(type, 0), one = number(type, 1);
    auto isWhole = [&](Value v) { return compare(Predicate::eq, math::FloorOp::create(b, loc, v), v); };
    Value size = math::PowFOp::create(b, loc, math::AbsFOp::create(b, loc, x), y);
    Value negative = less(x, zero), whole = isWhole(y);
    Value even = isWhole(mul(y, number(type, 0.5)));
    Value nan = arith::ConstantOp::create(b, loc, b.getFloatAttr(type, APFloat::getNaN(mlir::cast<FloatType>(type).getFloatSemantics())));
    Value ofNegative = select(whole, select(even, size, arith::NegFOp::create(b, loc, size)), nan);
    Value result = select(negative, ofNegative, size);
    Value trivial = arith::OrIOp::create(b, loc, compare(Predicate::eq, y, zero), compare(Predicate::eq, x, one));
    return select(trivial, one, result);
  }

  Value cast(Value x, Type to) const {
    Type from = x.getType();
    if (from == to)
      return x;
    if (to.isInteger(1))
      return compare(ir::Predicate::ne, x, number(from, 0));
    bool fromFloat = isa<FloatType>(from), toFloat = isa<FloatType>(to);
    unsigned fromBits = from.getIntOrFloatBitWidth(), toBits = to.getIntOrFloatBitWidth();
    if (fromFloat && toFloat)
      return toBits > fromBits ? arith::ExtFOp::create(b, loc, to, x).getResult() : arith::TruncFOp::create(b, loc, to, x).getResult();
    if (fromFloat)
      return arith::FPToSIOp::create(b, loc, to, x);
    if (toFloat)
      return from.isInteger(1) ? arith::UIToFPOp::create(b, loc, to, x).getResult() : arith::SIToFPOp::create(b, loc, to, x).getResult();
    if (toBits < fromBits)
      return arith::TruncIOp::create(b, loc, to, x);
    return from.isInteger(1) ? arith::ExtUIOp::create(b, loc, to, x).getResult() : arith::ExtSIOp::create(b, loc, to, x).getResult();
  }
};

/// The scalar function of an element-wise op, or null.
Value scalarOf(Operation *op, const Scalar &s, ValueRange x) {
  OpBuilder &b = s.b;
  Location loc = s.loc;
  Type type = x[0].getType();
  auto one = [&] { return s.number(type, 1); };
  auto zero = [&] { return s.number(type, 0); };
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<ir::NegateOp>([&](auto) {
        return isa<FloatType>(type) ? arith::NegFOp::create(b, loc, x[0]).getResult() : s.sub(zero(), x[0]);
      })
      .Case<ir::AbsOp>([&](auto) {
        return isa<FloatType>(type) ? math::AbsFOp::create(b, loc, x[0]).getResult() : math::AbsIOp::create(b, loc, x[0]).getResult();
      })
      .Case<ir::SignOp>([&](auto) {
        Value positive = s.select(s.less(zero(), x[0]), one(), x[0]);   // x where x <= 0 or NaN
        return s.select(s.less(x[0], zero()), s.number(type, -1), positive);
      })
      .Case<ir::ExpOp>([&](auto) { return math::ExpOp::create(b, loc, x[0]); })
      .Case<ir::Expm1Op>([&](auto) { return math::ExpM1Op::create(b, loc, x[0]); })
      .Case<ir::LogOp>([&](auto) { return math::LogOp::create(b, loc, x[0]); })
      .Case<ir::Log1pOp>([&](auto) { return math::Log1pOp::create(b, loc, x[0]); })
      .Case<ir::SqrtOp>([&](auto) { return math::SqrtOp::create(b, loc, x[0]); })
      .Case<ir::RsqrtOp>([&](auto) { return s.div(one(), math::SqrtOp::create(b, loc, x[0])); })
      .Case<ir::SquareOp>([&](auto) { return s.mul(x[0], x[0]); })
      .Case<ir::TanhOp>([&](auto) { return math::TanhOp::create(b, loc, x[0]); })
      .Case<ir::SigmoidOp>([&](auto) {
        // 1 / (1 + e^-x), of a power that saturates: 1 + e^-x is then far from the ends of the range, and an estimate will do for the division
        // (see codegen/math).
        Value e = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, x[0]), arith::FastMathFlags::afn);
        return arith::DivFOp::create(b, loc, one(), s.add(one(), e), arith::FastMathFlags::arcp | arith::FastMathFlags::contract | arith::FastMathFlags::ninf);
      })
      .Case<ir::ReluOp>([&](auto) { return s.select(s.less(x[0], zero()), zero(), x[0]); })
      .Case<ir::SoftplusOp>([&](auto) {
        // log(1 + e^x) = max(x, 0) + log1p(e^-|x|)
        Value e = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, math::AbsFOp::create(b, loc, x[0])));
        return s.add(s.select(s.less(x[0], zero()), zero(), x[0]), math::Log1pOp::create(b, loc, e));
      })
      .Case<ir::ErfOp>([&](auto) { return math::ErfOp::create(b, loc, x[0]); })
      .Case<ir::SinOp>([&](auto) { return math::SinOp::create(b, loc, x[0]); })
      .Case<ir::CosOp>([&](auto) { return math::CosOp::create(b, loc, x[0]); })
      .Case<ir::FloorOp>([&](auto) { return math::FloorOp::create(b, loc, x[0]); })
      .Case<ir::CeilOp>([&](auto) { return math::CeilOp::create(b, loc, x[0]); })
      .Case<ir::RoundOp>([&](auto) { return math::RoundEvenOp::create(b, loc, x[0]); })
      .Case<ir::StopGradientOp>([&](auto) { return x[0]; })
      .Case<ir::LogicalNotOp>([&](auto) { return arith::XOrIOp::create(b, loc, x[0], one()); })
      .Case<ir::LogicalAndOp>([&](auto) { return arith::AndIOp::create(b, loc, x[0], x[1]); })
      .Case<ir::LogicalOrOp>([&](auto) { return arith::OrIOp::create(b, loc, x[0], x[1]); })
      .Case<ir::AddOp>([&](auto) { return s.add(x[0], x[1]); })
      .Case<ir::SubtractOp>([&](auto) { return s.sub(x[0], x[1]); })
      .Case<ir::MultiplyOp>([&](auto) { return s.mul(x[0], x[1]); })
      .Case<ir::DivideOp>([&](auto) { return s.div(x[0], x[1]); })
      .Case<ir::MaximumOp>([&](auto) { return s.extreme<arith::MaximumFOp, arith::MaxSIOp>(x[0], x[1]); })
      .Case<ir::MinimumOp>([&](auto) { return s.extreme<arith::MinimumFOp, arith::MinSIOp>(x[0], x[1]); })
      .Case<ir::PowerOp>([&](auto) { return s.power(x[0], x[1]); })
      .Case<ir::CompareOp>([&](ir::CompareOp compare) { return s.compare(compare.getPredicate(), x[0], x[1]); })
      .Case<ir::SelectOp>([&](auto) { return s.select(x[0], x[1], x[2]); })
      .Case<ir::CastOp>([&](ir::CastOp cast) { return s.cast(x[0], getElementTypeOrSelf(cast.getType())); })
      .Default([](Operation *) { return Value(); });
}

} // namespace

bool Lowering::lowerElementwise(Operation *op) {
  if (!op->hasTrait<ir::Elementwise>())
    return false;
  SmallVector<Value> inputs(op->getOperands());
  Value result = pointwise(op->getLoc(), cast<RankedTensorType>(op->getResult(0).getType()), inputs,
                           [&](OpBuilder &nested, Location loc, ValueRange x) { return scalarOf(op, Scalar{nested, loc}, x); });
  values.map(op->getResult(0), result);
  return true;
}

} // namespace cornu::passes
