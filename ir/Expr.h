// Formulas as C++ expressions: `g * (1.0 - y * y)` emits cornu ops.
//
//   ExprBuilder e(builder, loc);
//   Expr g = e(cotangent), y = e(result);
//   Value dx = unbroadcast(g * (1.0 - y * y), dx.getType());
//
// Operands broadcast by NumPy's rule. A number becomes a rank-0 constant of the other operand's element type. Ops fold as they are built.
#pragma once

#include <type_traits>

#include "ir/CornuOps.h"
#include "ir/Shape.h"
#include "mlir/IR/Builders.h"

namespace cornu::ir {

class Expr;

/// Where expressions are emitted, and under which location. Must outlive its expressions.
class ExprBuilder {
public:
  ExprBuilder(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}
  Expr operator()(mlir::Value value);
  /// A scalar of element type `type`.
  Expr constant(double number, mlir::Type type);
  /// A tensor of `type` (static shape) full of `number`.
  Expr full(mlir::RankedTensorType type, double number);

  /// A tensor of `type` with these elements, row-major.
  Expr tensor(mlir::RankedTensorType type, llvm::ArrayRef<double> numbers);

  mlir::OpBuilder &builder;
  mlir::Location loc;
};

/// A tensor value in a formula.
class Expr {
public:
  Expr(ExprBuilder &e, mlir::Value value) : e(&e), value(value) {}
  operator mlir::Value() const { return value; }
  mlir::RankedTensorType type() const { return tensorType(value); }
  mlir::Type elementType() const { return type().getElementType(); }
  llvm::ArrayRef<int64_t> shape() const { return type().getShape(); }
  int64_t rank() const { return type().getRank(); }
  ExprBuilder &builder() const { return *e; }

  /// An op whose first operand is this value.
  template <typename Op, typename... Args>
  Expr make(Args &&...args) const {
    return {*e, e->builder.createOrFold<Op>(e->loc, value, std::forward<Args>(args)...)};
  }
  /// `number` in this value's element type.
  Expr scalar(double number) const { return e->constant(number, elementType()); }

private:
  ExprBuilder *e;
  mlir::Value value;
};

inline Expr ExprBuilder::operator()(mlir::Value value) { return {*this, value}; }

// Binary ops over two values, or a value and a number.
#define CORNU_EXPR_BINARY(NAME, OP)                                                                 \
  inline Expr NAME(Expr a, Expr b) { return a.make<OP>(static_cast<mlir::Value>(b)); }              \
  inline Expr NAME(Expr a, double b) { return NAME(a, a.scalar(b)); }                               \
  inline Expr NAME(double a, Expr b) { return NAME(b.scalar(a), b); }
CORNU_EXPR_BINARY(operator+, AddOp)
CORNU_EXPR_BINARY(operator-, SubtractOp)
CORNU_EXPR_BINARY(operator*, MultiplyOp)
CORNU_EXPR_BINARY(operator/, DivideOp)
CORNU_EXPR_BINARY(maximum, MaximumOp)
CORNU_EXPR_BINARY(minimum, MinimumOp)
CORNU_EXPR_BINARY(power, PowerOp)
CORNU_EXPR_BINARY(logicalAnd, LogicalAndOp)
CORNU_EXPR_BINARY(logicalOr, LogicalOrOp)
#undef CORNU_EXPR_BINARY

// Comparisons.
#define CORNU_EXPR_COMPARE(NAME, PREDICATE)                                                         \
  inline Expr NAME(Expr a, Expr b) {                                                                \
    ExprBuilder &e = a.builder();                                                                   \
    return {e, e.builder.createOrFold<CompareOp>(e.loc, Predicate::PREDICATE, a, b)};               \
  }                                                                                                 \
  inline Expr NAME(Expr a, double b) { return NAME(a, a.scalar(b)); }
CORNU_EXPR_COMPARE(equal, eq)
CORNU_EXPR_COMPARE(notEqual, ne)
CORNU_EXPR_COMPARE(operator<, lt)
CORNU_EXPR_COMPARE(operator<=, le)
CORNU_EXPR_COMPARE(operator>, gt)
CORNU_EXPR_COMPARE(operator>=, ge)
#undef CORNU_EXPR_COMPARE

// Functions of one value.
#define CORNU_EXPR_UNARY(NAME, OP) inline Expr NAME(Expr x) { return x.make<OP>(); }
CORNU_EXPR_UNARY(operator-, NegateOp)
CORNU_EXPR_UNARY(abs, AbsOp)
CORNU_EXPR_UNARY(sign, SignOp)
CORNU_EXPR_UNARY(exp, ExpOp)
CORNU_EXPR_UNARY(expm1, Expm1Op)
CORNU_EXPR_UNARY(log, LogOp)
CORNU_EXPR_UNARY(log1p, Log1pOp)
CORNU_EXPR_UNARY(sqrt, SqrtOp)
CORNU_EXPR_UNARY(rsqrt, RsqrtOp)
CORNU_EXPR_UNARY(square, SquareOp)
CORNU_EXPR_UNARY(tanh, TanhOp)
CORNU_EXPR_UNARY(sigmoid, SigmoidOp)
CORNU_EXPR_UNARY(relu, ReluOp)
CORNU_EXPR_UNARY(softplus, SoftplusOp)
CORNU_EXPR_UNARY(erf, ErfOp)
CORNU_EXPR_UNARY(sin, SinOp)
CORNU_EXPR_UNARY(cos, CosOp)
CORNU_EXPR_UNARY(floor, FloorOp)
CORNU_EXPR_UNARY(ceil, CeilOp)
CORNU_EXPR_UNARY(round, RoundOp)
CORNU_EXPR_UNARY(logicalNot, LogicalNotOp)
CORNU_EXPR_UNARY(stopGradient, StopGradientOp)
#undef CORNU_EXPR_UNARY

/// a where `condition` holds, b elsewhere.
inline Expr select(Expr condition, Expr a, Expr b) {
  return condition.make<SelectOp>(static_cast<mlir::Value>(a), static_cast<mlir::Value>(b));
}
inline Expr select(Expr condition, Expr a, double b) { return select(condition, a, a.scalar(b)); }
inline Expr select(Expr condition, double a, Expr b) { return select(condition, b.scalar(a), b); }

/// Reductions over `dims` (ascending).
Expr reduceSum(Expr x, llvm::ArrayRef<int64_t> dims, bool keepdims = false);
Expr reduceMax(Expr x, llvm::ArrayRef<int64_t> dims, bool keepdims = false);
Expr reduceMin(Expr x, llvm::ArrayRef<int64_t> dims, bool keepdims = false);

Expr cast(Expr x, mlir::Type elementType);
Expr reshape(Expr x, llvm::ArrayRef<int64_t> shape);
Expr broadcastTo(Expr x, llvm::ArrayRef<int64_t> shape);
Expr transpose(Expr x, llvm::ArrayRef<int64_t> perm);
Expr slice(Expr x, int64_t dim, int64_t start, int64_t limit, int64_t step = 1);
Expr pad(Expr x, int64_t dim, int64_t low, int64_t high, double value = 0);
Expr concatenate(llvm::ArrayRef<Expr> xs, int64_t dim);
Expr einsum(llvm::StringRef equation, Expr a, Expr b);
/// y of `shape`; the rest as the op says.
Expr convolution(llvm::StringRef equation, Expr x, Expr w, llvm::ArrayRef<Window> windows, llvm::ArrayRef<int64_t> shape);

/// The elements of each window, tap by tap in row-major order: as many tensors of the result's shape. Outside of x they are -inf.
llvm::SmallVector<Expr> windowTaps(MaxPoolOp op, Expr x);

/// The adjoint of broadcasting: sums `grad` down to the shape of `operandType`.
Expr unbroadcast(Expr grad, mlir::Type operandType);

} // namespace cornu::ir
