// Element-wise ops: libm's functions, one element at a time.
#include <cmath>
#include <type_traits>

#include "ir/interpreter/Evaluate.h"
#include "llvm/ADT/TypeSwitch.h"

namespace cornu::interpreter {
using namespace ir;

namespace {

/// The type in which an element of T is computed: half precision in float, rounded once.
template <class T> using Compute = std::conditional_t<sizeof(T) == 2, float, T>;

/// y[i] = f(x[i]) over floats.
template <class F> Array floats(const Call &call, F f) {
  const Array &x = call.operands[0];
  Array y = Array::uninitialized(x.shape(), x.dtype());
  withFloat(x.dtype(), [&]<class T>() {
    std::transform(elements<T>(x), elements<T>(x) + x.size(), elements<T>(y), [&](T v) { return T(f(Compute<T>(v))); });
    return 0;
  });
  return y;
}

/// The same over floats and integers.
template <class F> Array numbers(const Call &call, F f) {
  const Array &x = call.operands[0];
  Array y = Array::uninitialized(x.shape(), x.dtype());
  withNumber(x.dtype(), [&]<class T>() {
    std::transform(elements<T>(x), elements<T>(x) + x.size(), elements<T>(y), [&](T v) { return T(f(Compute<T>(v))); });
    return 0;
  });
  return y;
}

/// y[i] = f(a[i], b[i]), operands broadcast; y has element type R, or that of the operands.
template <class R = void, class F> Array zip(const Call &call, F f) {
  Array a = expand(call.operands[0], call.shape), b = expand(call.operands[1], call.shape);
  Array y = Array::uninitialized(call.shape, call.dtype);
  withElement(a.dtype(), [&]<class T>() {
    using Y = std::conditional_t<std::is_void_v<R>, T, R>;
    std::transform(elements<T>(a), elements<T>(a) + a.size(), elements<T>(b), elements<Y>(y),
                   [&](T v, T w) { return Y(f(Compute<T>(v), Compute<T>(w))); });
    return 0;
  });
  return y;
}

Array compare(const Call &call, Predicate predicate) {
  switch (predicate) {
  case Predicate::eq: return zip<bool>(call, [](auto a, auto b) { return a == b; });
  case Predicate::ne: return zip<bool>(call, [](auto a, auto b) { return a != b; });
  case Predicate::lt: return zip<bool>(call, [](auto a, auto b) { return a < b; });
  case Predicate::le: return zip<bool>(call, [](auto a, auto b) { return a <= b; });
  case Predicate::gt: return zip<bool>(call, [](auto a, auto b) { return a > b; });
  case Predicate::ge: return zip<bool>(call, [](auto a, auto b) { return a >= b; });
  }
  throw InternalError("unknown comparison");
}

Array select(const Call &call) {
  Array condition = expand(call.operands[0], call.shape), a = expand(call.operands[1], call.shape), b = expand(call.operands[2], call.shape);
  Array y = Array::uninitialized(call.shape, call.dtype);
  withElement(call.dtype, [&]<class T>() {
    for (int64_t i = 0; i < y.size(); ++i) elements<T>(y)[i] = elements<bool>(condition)[i] ? elements<T>(a)[i] : elements<T>(b)[i];
    return 0;
  });
  return y;
}

template <class T> T sigmoid(T x) { // e^-|x| cannot overflow
  T e = std::exp(-std::abs(x));
  return (x < 0 ? e : T(1)) / (1 + e);
}

} // namespace

std::optional<Array> evaluateElementwise(const Call &call) {
  return llvm::TypeSwitch<mlir::Operation *, std::optional<Array>>(call.op)
      .Case([&](NegateOp) { return numbers(call, [](auto x) { return -x; }); })
      .Case([&](AbsOp) { return numbers(call, [](auto x) { return x < 0 ? -x : x; }); })
      .Case([&](SignOp) { return numbers(call, [](auto x) { return x > 0 ? decltype(x)(1) : x < 0 ? decltype(x)(-1) : x; }); }) // NaN stays
      .Case([&](SquareOp) { return numbers(call, [](auto x) { return x * x; }); })
      .Case([&](ExpOp) { return floats(call, [](auto x) { return std::exp(x); }); })
      .Case([&](Expm1Op) { return floats(call, [](auto x) { return std::expm1(x); }); })
      .Case([&](LogOp) { return floats(call, [](auto x) { return std::log(x); }); })
      .Case([&](Log1pOp) { return floats(call, [](auto x) { return std::log1p(x); }); })
      .Case([&](SqrtOp) { return floats(call, [](auto x) { return std::sqrt(x); }); })
      .Case([&](RsqrtOp) { return floats(call, [](auto x) { return 1 / std::sqrt(x); }); })
      .Case([&](TanhOp) { return floats(call, [](auto x) { return std::tanh(x); }); })
      .Case([&](SigmoidOp) { return floats(call, [](auto x) { return sigmoid(x); }); })
      .Case([&](ReluOp) { return floats(call, [](auto x) { return x < 0 ? decltype(x)(0) : x; }); }) // NaN stays
      .Case([&](SoftplusOp) { return floats(call, [](auto x) { return (x < 0 ? decltype(x)(0) : x) + std::log1p(std::exp(-std::abs(x))); }); })
      .Case([&](ErfOp) { return floats(call, [](auto x) { return std::erf(x); }); })
      .Case([&](SinOp) { return floats(call, [](auto x) { return std::sin(x); }); })
      .Case([&](CosOp) { return floats(call, [](auto x) { return std::cos(x); }); })
      .Case([&](FloorOp) { return floats(call, [](auto x) { return std::floor(x); }); })
      .Case([&](CeilOp) { return floats(call, [](auto x) { return std::ceil(x); }); })
      .Case([&](RoundOp) { return floats(call, [](auto x) { return std::nearbyint(x); }); })
      .Case([&](LogicalNotOp) {
        Array y = call.operands[0].clone();
        for (bool &v : y.span<bool>()) v = !v;
        return y;
      })
      .Case([&](StopGradientOp) { return call.operands[0]; })
      .Case([&](CastOp) { return call.operands[0].astype(call.dtype); })
      .Case([&](AddOp) { return zip(call, [](auto a, auto b) { return a + b; }); })
      .Case([&](SubtractOp) { return zip(call, [](auto a, auto b) { return a - b; }); })
      .Case([&](MultiplyOp) { return zip(call, [](auto a, auto b) { return a * b; }); })
      .Case([&](DivideOp) { return zip(call, [](auto a, auto b) { return a / b; }); })
      .Case([&](MaximumOp) { return zip(call, [](auto a, auto b) { return a >= b || a != a ? a : b; }); }) // NaN wins
      .Case([&](MinimumOp) { return zip(call, [](auto a, auto b) { return a <= b || a != a ? a : b; }); })
      .Case([&](PowerOp) { return zip(call, [](auto a, auto b) { return std::pow(a, b); }); })
      .Case([&](LogicalAndOp) { return zip(call, [](auto a, auto b) { return a && b; }); })
      .Case([&](LogicalOrOp) { return zip(call, [](auto a, auto b) { return a || b; }); })
      .Case([&](CompareOp op) { return compare(call, op.getPredicate()); })
      .Case([&](SelectOp) { return select(call); })
      .Default([](mlir::Operation *) { return std::nullopt; });
}

} // namespace cornu::interpreter
