// Element-wise functions.
#include "frontend/ops/rows.h"

namespace cornu {
using namespace ops;

Tensor operator+(const Tensor &a, const Tensor &b) { return binary<ir::AddOp>("Add", a, b); }
Tensor operator-(const Tensor &a, const Tensor &b) { return binary<ir::SubtractOp>("Subtract", a, b); }
Tensor operator*(const Tensor &a, const Tensor &b) {
  auto product = binary<ir::MultiplyOp>;
  auto ofRows = [product](const Tensor &x, const Tensor &y) { return product("Multiply", x, y); };
  return linearInRows(linearInRows(product("Multiply", a, b), a, b, ofRows), b, a, ofRows);
}
Tensor operator/(const Tensor &a, const Tensor &b) {
  auto quotient = [](const Tensor &x, const Tensor &y) {
    return op("TrueDivide", {x, y}, [](const Tensors &xs) {
      if (isFloating(promote(xs[0], xs[1]))) return binary<ir::DivideOp>("TrueDivide", xs[0], xs[1]);
      return binary<ir::DivideOp>("TrueDivide", isNumber(xs[0]) ? xs[0] : cast(xs[0], DType::Float32), cast(xs[1], DType::Float32));
    });
  };
  return linearInRows(quotient(a, b), a, b, quotient);
}
Tensor operator-(const Tensor &x) {
  return rowByRow(x, [](const Tensor &v) { return unary<ir::NegateOp>("Negative", v, false); });
}
Tensor maximum(const Tensor &a, const Tensor &b) { return binary<ir::MaximumOp>("Maximum", a, b); }
Tensor minimum(const Tensor &a, const Tensor &b) { return binary<ir::MinimumOp>("Minimum", a, b); }
Tensor pow(const Tensor &a, const Tensor &b) {
  return op("Power", {a, b}, [](const Tensors &xs) {
    // Small whole powers are products, right for negative numbers too.
    if (isNumber(xs[1]) && !isNumber(xs[0])) {
      double exponent = xs[1].impl->number;
      if (exponent == 0.5) return sqrt(xs[0]);
      if (exponent == 1) return xs[0];
      if (exponent == 2) return square(xs[0]);
      if (exponent == 3) return square(xs[0]) * xs[0];
      if (exponent == 4) return square(square(xs[0]));
      if (exponent == -1) return 1.0 / xs[0];
    }
    return binary<ir::PowerOp>("Power", xs[0], xs[1]);
  });
}
/// The gradient at both ends is 1, outside of them 0.
Tensor clip(const Tensor &x, double low, double high) {
  auto clipped = [=](const Tensor &v) {
    return op("Clip", {v}, [=](const Tensors &xs) { return minimum(maximum(xs[0], low), high); }, Json::object({{"x_min", low}, {"x_max", high}}));
  };
  return low <= 0 && high >= 0 ? rowByRow(x, clipped) : clipped(x);
}

namespace {
Tensor compare(const char *name, ir::Predicate predicate, const Tensor &a, const Tensor &b) {
  return op(name, {a, b}, [=](const Tensors &xs) {
    broadcast(name, xs[0].shape(), xs[1].shape());
    DType type = promote(xs[0], xs[1]);
    mlir::Value l = valueAs(xs[0], type), r = valueAs(xs[1], type);
    return wrap(ir::CompareOp::create(trace::here().builder, trace::here().location(), predicate, l, r));
  });
}
} // namespace

Tensor operator<(const Tensor &a, const Tensor &b) { return compare("Less", ir::Predicate::lt, a, b); }
Tensor operator<=(const Tensor &a, const Tensor &b) { return compare("LessEqual", ir::Predicate::le, a, b); }
Tensor operator>(const Tensor &a, const Tensor &b) { return compare("Greater", ir::Predicate::gt, a, b); }
Tensor operator>=(const Tensor &a, const Tensor &b) { return compare("GreaterEqual", ir::Predicate::ge, a, b); }
Tensor equal(const Tensor &a, const Tensor &b) { return compare("Equal", ir::Predicate::eq, a, b); }
Tensor not_equal(const Tensor &a, const Tensor &b) { return compare("NotEqual", ir::Predicate::ne, a, b); }

Tensor logical_not(const Tensor &x) { return unary<ir::LogicalNotOp>("LogicalNot", cast(x, DType::Bool), false); }
Tensor logical_and(const Tensor &a, const Tensor &b) { return binary<ir::LogicalAndOp>("LogicalAnd", cast(a, DType::Bool), cast(b, DType::Bool)); }
Tensor logical_or(const Tensor &a, const Tensor &b) { return binary<ir::LogicalOrOp>("LogicalOr", cast(a, DType::Bool), cast(b, DType::Bool)); }

Tensor where(const Tensor &condition, const Tensor &a, const Tensor &b) {
  return op("Where", {condition, a, b}, [](const Tensors &xs) {
    broadcast("where", broadcast("where", xs[0].shape(), xs[1].shape()), xs[2].shape());
    DType type = promote(xs[1], xs[2]);
    mlir::Value c = valueAs(xs[0], DType::Bool), l = valueAs(xs[1], type), r = valueAs(xs[2], type);
    return wrap(ir::SelectOp::create(trace::here().builder, trace::here().location(), c, l, r));
  });
}

Tensor abs(const Tensor &x) {
  return rowByRow(x, [](const Tensor &v) { return unary<ir::AbsOp>("Absolute", v, false); });
}
Tensor sign(const Tensor &x) {
  return rowByRow(x, [](const Tensor &v) { return unary<ir::SignOp>("Sign", v, false); });
}
Tensor square(const Tensor &x) {
  return rowByRow(x, [](const Tensor &v) { return unary<ir::SquareOp>("Square", v, false); });
}
Tensor stop_gradient(const Tensor &x) { return unary<ir::StopGradientOp>("StopGradient", x, false); }
Tensor exp(const Tensor &x) { return unary<ir::ExpOp>("Exp", x); }
Tensor expm1(const Tensor &x) { return unary<ir::Expm1Op>("Expm1", x); }
Tensor log(const Tensor &x) { return unary<ir::LogOp>("Log", x); }
Tensor log1p(const Tensor &x) { return unary<ir::Log1pOp>("Log1p", x); }
Tensor sqrt(const Tensor &x) { return unary<ir::SqrtOp>("Sqrt", x); }
Tensor rsqrt(const Tensor &x) { return unary<ir::RsqrtOp>("Rsqrt", x); }
Tensor sin(const Tensor &x) { return unary<ir::SinOp>("Sin", x); }
Tensor cos(const Tensor &x) { return unary<ir::CosOp>("Cos", x); }
Tensor erf(const Tensor &x) { return unary<ir::ErfOp>("Erf", x); }
Tensor floor(const Tensor &x) { return unary<ir::FloorOp>("Floor", x); }
Tensor ceil(const Tensor &x) { return unary<ir::CeilOp>("Ceil", x); }
Tensor round(const Tensor &x) { return unary<ir::RoundOp>("Round", x, true, Json::object({{"decimals", 0}})); }
Tensor tanh(const Tensor &x) { return unary<ir::TanhOp>("Tanh", x); }
Tensor sigmoid(const Tensor &x) { return unary<ir::SigmoidOp>("Sigmoid", x); }
Tensor relu(const Tensor &x) { return unary<ir::ReluOp>("Relu", x); }
Tensor softplus(const Tensor &x) { return unary<ir::SoftplusOp>("Softplus", x); }

Tensor cast(const Tensor &x, DType dtype) {
  if (x.dtype() == dtype && !isNumber(x)) return x;
  return op("Cast", {x}, [dtype](const Tensors &xs) { return wrap(valueAs(xs[0], dtype)); }, Json::object({{"dtype", std::string(nameOf(dtype))}}));
}

} // namespace cornu
