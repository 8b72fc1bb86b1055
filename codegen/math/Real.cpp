#include "codegen/math/Real.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

/// `type` with another element type.
Type withElement(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? VectorType::get(vector.getShape(), element) : element;
}

Value constantOf(MathBuilder &m, Type type, Attribute number) {
  if (auto vector = dyn_cast<VectorType>(type))
    number = DenseElementsAttr::get(vector, ArrayRef(number));
  return arith::ConstantOp::create(m.b, m.loc, cast<TypedAttr>(number));
}

} // namespace

Bits Bits::constant(int64_t number) const {
  return {*m, constantOf(*m, value.getType(), m->b.getIntegerAttr(getElementTypeOrSelf(value), number))};
}

Real Bits::asReal() const {
  Type element = getElementTypeOrSelf(value).isInteger(64) ? m->b.getF64Type() : m->b.getF32Type();
  return {*m, arith::BitcastOp::create(m->b, m->loc, withElement(value.getType(), element), value)};
}

Real Real::constant(double number) const {
  return {*m, constantOf(*m, value.getType(), m->b.getFloatAttr(getElementTypeOrSelf(value), number))};
}

Bits Real::bits() const {
  Type element = m->b.getIntegerType(isDouble() ? 64 : 32);
  return {*m, arith::BitcastOp::create(m->b, m->loc, withElement(value.getType(), element), value)};
}

Real Real::widened() const { return {*m, arith::ExtFOp::create(m->b, m->loc, withElement(value.getType(), m->b.getF64Type()), value)}; }
Real Real::narrowed() const { return {*m, arith::TruncFOp::create(m->b, m->loc, withElement(value.getType(), m->b.getF32Type()), value)}; }

Real select(Condition c, Real x, Real y) { return {*x.m, arith::SelectOp::create(x.m->b, x.m->loc, c.value, x.value, y.value)}; }
// math.fma would call libm where there is no such instruction.
Real fma(Real x, Real y, Real z) { return {*x.m, LLVM::FMulAddOp::create(x.m->b, x.m->loc, x.value, y.value, z.value)}; }
Real reciprocal(Real y) {
  return {*y.m, arith::DivFOp::create(y.m->b, y.m->loc, y.constant(1).value, y.value, arith::FastMathFlags::arcp | arith::FastMathFlags::contract | arith::FastMathFlags::ninf)};
}
Real abs(Real x) { return x.make<math::AbsFOp>(); }
Real copysign(Real size, Real sign) { return size.make<math::CopySignOp>(sign); }

Real polynomial(ArrayRef<double> c, Real x) {
  Real sum = x.constant(c.back());
  for (double coefficient : llvm::reverse(c.drop_back()))
    sum = fma(sum, x, x.constant(coefficient));
  return sum;
}

} // namespace cornu::codegen
