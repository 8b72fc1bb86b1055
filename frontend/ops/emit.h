// How an op is written: once, as a function that emits it. Internal: knows MLIR.
#pragma once

#include "frontend/ops/op_layer.h"
#include "frontend/ops/ops.h"
#include "frontend/trace/Trace.h"
#include "ir/Expr.h"

namespace cornu::ops {

/// Emits now, or, when an operand is symbolic, records an operation node of class `className` (Keras's) that emits later. `config` and, after
/// the operands, `arguments` are what Keras writes of it.
Tensor op(const char *className, const Tensors &operands, Emit emit, Json config = Json::object(), Json arguments = Json::list());

/// Where formulas are emitted.
inline ir::ExprBuilder expressions() { return {trace::here().builder, trace::here().location()}; }

inline mlir::Value value(const Tensor &x) { return trace::here().value(x); }
inline Tensor wrap(mlir::Value v) { return trace::here().wrap(v); }
/// The value of x in element type `dtype`.
mlir::Value valueAs(const Tensor &x, DType dtype);
/// The element type in which a and b meet: the wider; a number takes its partner's.
DType promote(const Tensor &a, const Tensor &b);
/// x in a floating type: integers become float32.
mlir::Value floating(const Tensor &x);
/// Negative axes counted from the end; UserError outside of the rank.
int64_t axisOf(const char *opName, const Tensor &x, int64_t axis);
/// How many elements a tensor of this shape has.
Tensor elementCount(const Shape &shape, DType dtype);
/// NumPy's broadcast; UserError if the shapes do not fit.
Shape broadcast(const char *opName, const Shape &a, const Shape &b);

template <class Op> Tensor unary(const char *name, const Tensor &x, bool toFloat = true, Json config = Json::object()) {
  return op(name, {x}, [toFloat](const Tensors &xs) {
    mlir::Value v = toFloat ? floating(xs[0]) : value(xs[0]);
    return wrap(Op::create(trace::here().builder, trace::here().location(), v.getType(), v));
  }, std::move(config));
}

template <class Op> Tensor binary(const char *name, const Tensor &a, const Tensor &b) {
  return op(name, {a, b}, [name](const Tensors &xs) {
    broadcast(name, xs[0].shape(), xs[1].shape());
    DType type = promote(xs[0], xs[1]);
    mlir::Value l = valueAs(xs[0], type), r = valueAs(xs[1], type);
    return wrap(Op::create(trace::here().builder, trace::here().location(), l, r));
  });
}

} // namespace cornu::ops
