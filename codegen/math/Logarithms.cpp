// log, log1p and powers: x = 2^k m with m in [sqrt 1/2, sqrt 2), s = (m - 1) / (m + 1), log m = 2 s + s^3 P(s^2). Polynomials are Chebyshev fits.
#include "codegen/math/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace cornu::codegen {
namespace {

constexpr double ln2High = 0x1.62e42feep-1, ln2Low = 1.908214929270587816144e-10;

/// x = 2^k (1 + f)
struct Split {
  Real k, f;
};

/// Of a normal x > 0.
Split split(Real x) {
  int64_t bitsOfRoot = x.pick<int64_t>(0x3FE6A09E667F3BCD, 0x3F3504F3), one = x.bitsOfOne();
  int bits = x.mantissaBits();
  Bits shifted = x.bits() + (one - bitsOfRoot);
  // An integer is added to the bits of 1.5 2^mantissa and comes out as a number.
  double magic = x.pick(0x1.8p52, 0x1.8p23);
  Bits exponent = (shifted >> bits) - (one >> bits);
  Real k = (exponent + x.constant(magic).bits()).asReal() - magic;
  Real m = ((shifted & ((int64_t(1) << bits) - 1)) + bitsOfRoot).asReal();
  return {k, m - 1.0};
}

/// (log m - 2 s) / s^3 as a polynomial in z = s^2; `skipped` of its terms, divided by z, are left to the caller.
Real seriesOf(Real z, size_t skipped = 0) {
  static constexpr double f64[] = {0.66666666666666666465, 0.40000000000000876983, 0.28571428570803611811, 0.22222222391713917442,
                                   0.18181795640132906276, 0.15386239702814658188, 0.13268773138656885185, 0.13086626147840102138};
  static constexpr double f32[] = {0.66666685039575855022, 0.39988780566021981899, 0.29579949391972784709};
  return polynomial(z.pick(llvm::ArrayRef(f64), llvm::ArrayRef(f32)).drop_front(skipped), z);
}

/// log x + correction. (FreeBSD's e_log.c arranges the sum like this: what is large is added last.)
Real logOfNormal(Split x, Real correction) {
  Real f = x.f, s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
  Real rest = s * (half + z * seriesOf(z)) + fma(x.k, f.constant(f.pick(ln2Low, 9.0580006144524457497e-6)), correction);
  return x.k * f.pick(ln2High, 0x1.62e3p-1) - ((half - rest) - f);
}

/// NaN below `least`, -inf there, and x itself where it is inf or NaN.
Real withLimits(Real y, Real x, double least) {
  Real upper = select(x.isNaN() | (x == HUGE_VAL), x, y);
  return select(x < least, std::numeric_limits<double>::quiet_NaN(), select(x == least, -HUGE_VAL, upper));
}

/// Subnormal numbers become normal ones; k makes up for it.
Split splitAny(Real x) {
  double power = x.pick(54.0, 25.0);
  Condition isSubnormal = x < x.smallestNormal();
  Split parts = split(select(isSubnormal, x * std::ldexp(1.0, static_cast<int>(power)), x));
  return {select(isSubnormal, parts.k - power, parts.k), parts.f};
}

/// A number as an unevaluated sum.
struct Double {
  Real high, low;
};
Double sum(Real a, Real b) {   // |a| >= |b|
  Real high = a + b;
  return {high, b - (high - a)};
}
Double product(Real a, Real b) {
  // Dekker's: exact without a fused multiply-add.
  auto halves = [](Real x) {
    Real high = (x.bits() & ~((int64_t(1) << 27) - 1)).asReal();
    return std::pair{high, x - high};
  };
  auto [ah, al] = halves(a);
  auto [bh, bl] = halves(b);
  Real high = a * b;
  return {high, ((ah * bh - high) + ah * bl + al * bh) + al * bl};
}

} // namespace

Real emitLog(Real x) { return withLimits(logOfNormal(splitAny(x), x.constant(0)), x, 0); }

Real emitLog1p(Real x) {
  // What 1 + x rounds away, put back.
  Real u = 1.0 + x;
  Real lost = select(x > 1.0, 1.0 - (u - x), x - (u - 1.0)) / u;
  return select(x == 0.0, x, withLimits(logOfNormal(split(u), lost), x, -1));
}

Real emitPower(Real x, Real y) {
  if (!x.isDouble())
    return emitExp(y.widened() * emitLog(x.widened())).narrowed();
  // y log x multiplies the error of log x: it is taken to twice the precision, and so are the first two terms of its series.
  Split parts = splitAny(x);
  Real f = parts.f, d = 2.0 + f, dLow = f - (d - 2.0), s = f / d;
  Double sd = product(s, d);
  Real sLow = (((f - sd.high) - sd.low) - s * dLow) / d;
  Double z = product(s, s);
  Real zLow = z.low + 2.0 * (s * sLow);
  constexpr double twoThirds = 0x1.5555555555555p-1, twoThirdsLow = 0x1.5555555555555p-55;
  Double w = product(z.high, z.high.constant(twoThirds));   // z (2/3 + z (2/5 + ...))
  Real wLow = w.low + (z.high * twoThirdsLow + zLow * twoThirds) + z.high * z.high * seriesOf(z.high, 1);
  Double cube = product(s, w.high);
  Real cubeLow = cube.low + (s * wLow + sLow * w.high);
  Double linear = sum(parts.k * ln2High, 2.0 * s), both = sum(linear.high, cube.high);
  Double log = sum(both.high, linear.low + both.low + (parts.k * ln2Low + 2.0 * sLow + cubeLow));
  Double exponent = product(y, withLimits(log.high, x, 0));
  return emitExp(exponent.high, exponent.low + y * log.low);
}

} // namespace cornu::codegen
