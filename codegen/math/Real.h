// Formulas on floating-point scalars or vectors, and on their bits: `x * (1.0 - x)` emits arith ops. Both widths share a formula; what differs
// (constants, degrees of polynomials) is a table a formula picks by width.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

namespace cornu::codegen {

class Real;

/// Where formulas are emitted.
struct MathBuilder {
  mlir::OpBuilder &b;
  mlir::Location loc;
};

/// Integers as wide as a Real, for its bits.
class Bits {
public:
  Bits(MathBuilder &m, mlir::Value value) : m(&m), value(value) {}
  MathBuilder *m;
  mlir::Value value;

  Bits constant(int64_t number) const;
  template <typename Op>
  Bits make(Bits other) const { return {*m, Op::create(m->b, m->loc, value, other.value)}; }
  Real asReal() const;
  Bits operator+(Bits y) const { return make<mlir::arith::AddIOp>(y); }
  Bits operator-(Bits y) const { return make<mlir::arith::SubIOp>(y); }
  Bits operator&(Bits y) const { return make<mlir::arith::AndIOp>(y); }
  Bits operator+(int64_t y) const { return *this + constant(y); }
  Bits operator-(int64_t y) const { return *this - constant(y); }
  Bits operator&(int64_t y) const { return *this & constant(y); }
  Bits operator<<(int64_t y) const { return make<mlir::arith::ShLIOp>(constant(y)); }
  Bits operator>>(int64_t y) const { return make<mlir::arith::ShRSIOp>(constant(y)); }
};

/// A condition, lane by lane.
struct Condition {
  MathBuilder *m;
  mlir::Value value;
  Condition operator|(Condition y) const { return {m, mlir::arith::OrIOp::create(m->b, m->loc, value, y.value)}; }
};

/// f32 or f64, scalar or vector.
class Real {
public:
  Real(MathBuilder &m, mlir::Value value) : m(&m), value(value) {}
  MathBuilder *m;
  mlir::Value value;

  bool isDouble() const { return mlir::getElementTypeOrSelf(value).isF64(); }
  int mantissaBits() const { return isDouble() ? 52 : 23; }
  int64_t bitsOfOne() const { return isDouble() ? 0x3FF0000000000000 : 0x3F800000; }
  double smallestNormal() const { return isDouble() ? 0x1p-1022 : 0x1p-126; }
  /// `f64` or `f32`, by width.
  template <typename T>
  T pick(T f64, T f32) const { return isDouble() ? f64 : f32; }

  Real constant(double number) const;
  template <typename Op>
  Real make() const { return {*m, Op::create(m->b, m->loc, value)}; }
  template <typename Op>
  Real make(Real other) const { return {*m, Op::create(m->b, m->loc, value, other.value)}; }
  Condition compare(mlir::arith::CmpFPredicate predicate, Real other) const {
    return {m, mlir::arith::CmpFOp::create(m->b, m->loc, predicate, value, other.value)};
  }
  Condition isNaN() const { return compare(mlir::arith::CmpFPredicate::UNO, *this); }
  Condition operator<(double y) const { return compare(mlir::arith::CmpFPredicate::OLT, constant(y)); }
  Condition operator>(double y) const { return compare(mlir::arith::CmpFPredicate::OGT, constant(y)); }
  Condition operator==(double y) const { return compare(mlir::arith::CmpFPredicate::OEQ, constant(y)); }
  Bits bits() const;
  Real operator-() const { return make<mlir::arith::NegFOp>(); }
  /// A product that may become one with a sum: see fma.
  Real times(Real other) const { return {*m, mlir::arith::MulFOp::create(m->b, m->loc, value, other.value, mlir::arith::FastMathFlags::contract)}; }
  /// f32 → f64, and back.
  Real widened() const;
  Real narrowed() const;
};

inline Real operator+(Real x, Real y) { return x.make<mlir::arith::AddFOp>(y); }
inline Real operator-(Real x, Real y) { return x.make<mlir::arith::SubFOp>(y); }
inline Real operator*(Real x, Real y) { return x.make<mlir::arith::MulFOp>(y); }
inline Real operator/(Real x, Real y) { return x.make<mlir::arith::DivFOp>(y); }
inline Real operator+(Real x, double y) { return x + x.constant(y); }
inline Real operator-(Real x, double y) { return x - x.constant(y); }
inline Real operator*(Real x, double y) { return x * x.constant(y); }
inline Real operator+(double x, Real y) { return y.constant(x) + y; }
inline Real operator-(double x, Real y) { return y.constant(x) - y; }
inline Real operator*(double x, Real y) { return y.constant(x) * y; }
inline Real operator/(double x, Real y) { return y.constant(x) / y; }

/// c ? x : y
Real select(Condition c, Real x, Real y);
inline Real select(Condition c, double x, Real y) { return select(c, y.constant(x), y); }
inline Real select(Condition c, Real x, double y) { return select(c, x, x.constant(y)); }
/// x, or the nearer of the bounds; NaN of NaN.
inline Real clamp(Real x, double least, double most) {
  Real above = select(x < least, least, x);
  return select(above > most, most, above);
}
/// x y + z, in one rounding where the target has it.
Real fma(Real x, Real y, Real z);
/// 1 / y to one unit in the last place, for y and 1 / y far from the ends of the range: an estimate and a step of Newton's, where the target has one.
Real reciprocal(Real y);
Real abs(Real x);
Real copysign(Real size, Real sign);
/// Σ c[i] x^i by Horner's rule.
Real polynomial(llvm::ArrayRef<double> c, Real x);

} // namespace cornu::codegen
