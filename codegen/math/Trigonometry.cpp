#include "codegen/math/VectorMath.h"

namespace cornu::codegen {
namespace {

// x = n pi/2 + r, with pi/2 in three parts whose products with n are exact up to n = 2^20 (Cody and Waite), then fdlibm's polynomials of sin r and cos r.
Real sineFrom(Real x, int64_t quarterTurns) {
  if (!x.isDouble())
    return sineFrom(x.widened(), quarterTurns).narrowed();
  static constexpr double sine[] = {-1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04,
                                    2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10};
  static constexpr double cosine[] = {4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05,
                                      -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11};
  double magic = 0x1.8p52;
  Real shifted = x * 0x1.45f306dc9c883p-1 + magic;
  Real n = shifted - magic;
  Real first = x - n * 0x1.921fb544p0, second = n * 0x1.0b4611a6p-34, third = n * 0x1.3198a2e037073p-69;
  Real middle = first - second;
  Real r = middle - third;
  Real low = ((middle - r) - third) + ((first - middle) - second);
  Real z = r * r;
  Real s = r + fma(r * z, polynomial(sine, z), low);
  Real half = 0.5 * z, one = 1.0 - half;
  Real c = one + (((1.0 - one) - half) + (z * z * polynomial(cosine, z) - r * low));
  Bits quadrant = shifted.bits() + quarterTurns;
  auto isSet = [&](int64_t bit) {
    Bits masked = quadrant & bit;
    return Condition{x.m, mlir::arith::CmpIOp::create(x.m->b, x.m->loc, mlir::arith::CmpIPredicate::ne, masked.value, masked.constant(0).value)};
  };
  Real size = select(isSet(1), c, s);
  return select(isSet(2), -size, size);
}

} // namespace

Real emitSin(Real x) { return select(x == 0.0, x, sineFrom(x, 0)); }
Real emitCos(Real x) { return sineFrom(x, 1); }

} // namespace cornu::codegen
