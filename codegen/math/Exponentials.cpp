// exp, expm1, tanh: x = n ln 2 + r with |r| <= ln 2 / 2, a polynomial in r, and n in the exponent's bits. Polynomials are Chebyshev fits.
#include "codegen/math/VectorMath.h"

namespace cornu::codegen {
namespace {

/// x = n ln 2 + r; `shifted` holds n in its lowest bits.
struct Reduced {
  Real shifted, n, r;
};

// n ln2High is exact: the lowest bits of ln2High are 0.
double ln2High(Real x) { return x.pick(0x1.62e42feep-1, 0x1.62e3p-1); }
double ln2Low(Real x) { return x.pick(1.908214929270587816144e-10, 9.0580006144524457497e-6); }

Reduced reduce(Real x) {
  // Adding 1.5 2^mantissa rounds to an integer.
  double magic = x.pick(0x1.8p52, 0x1.8p23);
  Real shifted = fma(x, x.constant(0x1.71547652b82fep0), x.constant(magic));
  Real n = shifted - magic;
  return {shifted, n, fma(n, x.constant(-ln2Low(x)), fma(n, x.constant(-ln2High(x)), x))};
}

/// (e^(±r) - 1 ∓ r) / r^2
Real tailOfExp(Real r, bool negated = false) {
  static constexpr double f64[] = {0.5, 0.16666666666666670986, 0.041666666666666669752, 0.008333333333326140884, 0.0013888888888883752417, 0.00019841269874800491981,
                                   0.000024801587325533363819, 2.7557255425746434282e-6, 2.7557273661348636219e-7, 2.5105206373957011116e-8, 2.09146793765839351e-9};
  static constexpr double f32[] = {0.5, 0.1666657702559798819, 0.041666554662050533982, 0.0083631730745137109028, 0.0013926176119935578884};
  llvm::SmallVector<double> c(r.pick(llvm::ArrayRef(f64), llvm::ArrayRef(f32)));
  for (size_t i = 1; negated && i < c.size(); i += 2)
    c[i] = -c[i];
  return polynomial(c, r);
}

/// e^r - 1
Real minusOne(Real r) { return fma(r * r, tailOfExp(r), r); }

double largest(Real x) { return x.pick(0x1.62e42fefa39efp9, 88.7228317); }

/// Where e^x is the smallest normal number.
double least(Real x) { return x.pick(-708.396418532264, -87.3365479); }

/// `fraction` 2^n, for x's whole range; NaN of NaN.
Real scaled(Real fraction, Real shifted, Real x) {
  Real inRange = (fraction.bits() + (shifted.bits() << x.mantissaBits())).asReal();
  Real notBelow = select(x < least(x), 0.0, inRange);
  Condition beyond = x.compare(mlir::arith::CmpFPredicate::UGT, x.constant(largest(x)));
  return select(beyond, x * x.pick(0x1p1023, 0x1p127), notBelow);
}

} // namespace

Real emitExp(Real x) {
  Reduced p = reduce(x);
  Real one = x.constant(1);
  return scaled(fma(p.r, fma(p.r, tailOfExp(p.r), one), one), p.shifted, x);
}

Real emitSaturatingExp(Real x, bool negated) {
  double sign = negated ? -1 : 1, first = least(x), last = x.pick(709.5, 88.0);
  Real bounded = clamp(x, std::min(sign * first, sign * last), std::max(sign * first, sign * last));
  Reduced p = reduce(bounded);
  Real fraction = fma(p.r, fma(p.r, tailOfExp(p.r, negated), x.constant(sign)), x.constant(1));
  Bits n = p.shifted.bits() << x.mantissaBits(), one = n.constant(x.bitsOfOne());
  // A product, of which NaN stays NaN, and to which a sum can be added in one rounding.
  return fraction.times((negated ? one - n : one + n).asReal());
}

Real emitExp(Real x, Real low) {
  // What is small beside x need not be small beside r.
  Reduced p = reduce(x);
  Real high = x - p.n * ln2High(x), tail = p.n * ln2Low(x), first = high - tail, r = first + low;
  Real rest = ((high - first) - tail) + ((first - r) + low);
  return scaled(1.0 + (r + fma(r * r, tailOfExp(r), rest)), p.shifted, x);
}

Real emitExpm1(Real x) {
  // Below, the result is -1.
  double lowest = x.pick(-50.0, -30.0);
  Reduced p = reduce(select(x < lowest, lowest, x));
  Real e = minusOne(p.r);
  // 2^n (e^r - 1) + (2^n - 1), by halves so that 2^n does not overflow; at n = 0 halves would lose subnormal numbers.
  Real half = ((p.shifted.bits() << x.mantissaBits()) + (x.bitsOfOne() - (int64_t(1) << x.mantissaBits()))).asReal();
  Real y = select(half == 0.5, e, 2.0 * fma(half, e, half - 0.5));
  return select(x.isNaN() | (x == 0.0), x, select(x > largest(x), HUGE_VAL, y));
}

/// (e^2x - 1) / ((e^2x - 1) + 2), the numerator so that it does not cancel: with 2x = (n + r) ln 2, 2^n (2^r - 1) + (2^n - 1).
static Real emitTanhF32(Real x) {
  // From 10 on the result is 1, and the power needs no bounds; NaN stays NaN.
  Real bounded = clamp(x, -10, 10);
  // One constant will do: what it errs by is far below the result's unit where n is not 0, and as small beside r as beside x where n is 0.
  Real twice = x.constant(0x1.71547652b82fep1), magic = x.constant(0x1.8p23);
  Real shifted = fma(bounded, twice, magic), n = shifted - magic, r = fma(bounded, twice, -n);
  static constexpr double c[] = {0.6931471879266877, 0.24022649794934575, 0.05550357433650826, 0.00961823749885966, 0.0013390735471798566, 0.00015403511115133476};
  Real power = ((shifted.bits() << x.mantissaBits()) + x.bitsOfOne()).asReal();
  Real less = fma(power, r * polynomial(c, r), power - 1.0);
  return less * reciprocal(less + 2.0);
}

Real emitTanh(Real x) {
  if (!x.isDouble())
    return emitTanhF32(x);
  // |tanh x| = (1 - e^-2|x|) / (1 + e^-2|x|). From 20 on the result is 1, so that the power needs no bounds; NaN stays NaN.
  Real size = abs(x);
  Reduced p = reduce(-2.0 * select(size > 20.0, 20.0, size));
  Real power = ((p.shifted.bits() << x.mantissaBits()) + x.bitsOfOne()).asReal();
  // x + x^3 P(x^2) near 0, where 1 - e^-2|x| would cancel.
  static constexpr double c[] = {-0.33333333333333332561, 0.13333333333332714826, -0.053968253967434014504, 0.021869488493666941903, -0.0088632343978143548378,
                                 0.0035921103786890238773, -0.0014556618301007160335, 0.00058893605200740577637, -0.00023463474108872371264, 0.000085113136855776712196,
                                 -0.000020602765376366339549};
  Real square = x * x, small = fma(size * square, polynomial(c, square), size), e = (1.0 + minusOne(p.r)) * power;
  return copysign(select(size < 0.55, small, (1.0 - e) / (1.0 + e)), x);
}

} // namespace cornu::codegen
