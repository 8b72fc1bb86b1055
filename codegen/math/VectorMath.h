// Vector code for what processors have no instruction for. Largest errors measured over the whole range, in units in the last place (test/unit/codegen/VectorMath_test.cpp):
//
//          exp  expm1  log  log1p  tanh  erf  sin, cos  x^y
//   f32    1    2      1    1      3.5   2.5  1         1
//   f64    1    2      1    1      2     2    1         1
//
// Infinities, NaN and signed zeros come out as in C; subnormal arguments and results count as 0. sin and cos keep their accuracy up to
// |x| = 1e6 and lose it slowly beyond. Built of additions, multiplications, divisions and operations on bits alone, they are the same on every target
// but for the roundings that fused multiply-adds save and, in tanh at f32, the target's estimate of a reciprocal.
#pragma once

#include "codegen/math/Real.h"
#include "mlir/IR/PatternMatch.h"

namespace cornu::codegen {

Real emitExp(Real x);
/// e^x, or e^-x, where that is a normal number, and about the nearest such elsewhere: math.exp with the flag afn. It takes no selection of 0, which LLVM would sink
/// through what follows, and on the way divisions lose the flags that let an estimate do (see reciprocal).
Real emitSaturatingExp(Real x, bool negated);
/// e^(x + low), for a `low` far smaller than x.
Real emitExp(Real x, Real low);
Real emitExpm1(Real x);
Real emitTanh(Real x);
Real emitLog(Real x);
Real emitLog1p(Real x);
Real emitErf(Real x);
Real emitSin(Real x);
Real emitCos(Real x);
/// x^y for x >= 0.
Real emitPower(Real x, Real y);

/// Replaces math ops on f32 and f64 by the code above.
void populateVectorMathPatterns(mlir::RewritePatternSet &patterns);

} // namespace cornu::codegen
