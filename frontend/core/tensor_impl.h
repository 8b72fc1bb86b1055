// The inside of a Tensor handle. Internal: knows MLIR.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/core/tensor.h"
#include "mlir/IR/Value.h"

namespace cornu {

namespace ops {
struct RowSum;
}

struct Tensor::Impl {
  enum class Kind { Symbol, Value, Number, State, Constant };
  Kind kind;
  Shape shape;
  DType dtype;
  // Symbol: result `index` of a node.
  std::shared_ptr<Node> node;
  int64_t index = 0;
  // Value: an SSA value of the trace with number `trace`.
  mlir::Value value;
  uint64_t trace = 0;
  // Which elements count: of a value a tensor of the same trace, of a symbol the shape it will have.
  std::shared_ptr<const Impl> mask;
  std::optional<Shape> maskShape;
  // Value: that it is a sum of rows, and of which (frontend/ops/rows.h).
  std::shared_ptr<const ops::RowSum> rows = {};
  // Number: a literal that takes the element type it meets.
  double number = 0;
  bool integral = false;
  // State: a variable, read when it is used.
  Variable variable;
  // Constant: its elements.
  Array constant = {};
};

inline bool isSymbol(const Tensor &t) { return t && t.impl->kind == Tensor::Impl::Kind::Symbol; }
inline bool isConstant(const Tensor &t) { return t && t.impl->kind == Tensor::Impl::Kind::Constant; }
/// A tensor of these elements. They must not change.
Tensor constantTensor(Array elements);
inline bool isNumber(const Tensor &t) { return t && t.impl->kind == Tensor::Impl::Kind::Number; }

} // namespace cornu
