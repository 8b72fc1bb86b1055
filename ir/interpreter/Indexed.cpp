// Rows by number.
#include <cstring>

#include "ir/interpreter/Evaluate.h"
#include "llvm/ADT/TypeSwitch.h"

namespace cornu::interpreter {
using namespace ir;

namespace {

/// The row of a table that an index stands for.
int64_t rowOf(const Array &indices, int64_t i, int64_t rows) {
  int64_t index = indices.dtype() == DType::Int32 ? elements<int32_t>(indices)[i] : elements<int64_t>(indices)[i];
  return std::clamp<int64_t>(index < 0 ? index + rows : index, 0, rows - 1);
}

Array gatherRows(const Call &call) {
  const Array &table = call.operands[0], &indices = call.operands[1];
  Array y = Array::uninitialized(call.shape, call.dtype);
  size_t bytes = static_cast<size_t>(table.dim(1)) * sizeOf(call.dtype);
  for (int64_t i = 0; i < indices.size(); ++i)
    std::memcpy(elements<char>(y) + static_cast<size_t>(i) * bytes, elements<char>(table) + static_cast<size_t>(rowOf(indices, i, table.dim(0))) * bytes, bytes);
  return y;
}

Array scatterAdd(const Call &call) {
  const Array &rows = call.operands[0], &indices = call.operands[1];
  Array table = call.operands.size() > 2 ? call.operands[2].clone() : Array::zeros(call.shape, call.dtype);
  int64_t width = table.dim(1);
  withFloat(call.dtype, [&]<class T>() {
    for (int64_t i = 0; i < indices.size(); ++i) {
      const T *from = elements<T>(rows) + i * width;
      T *to = elements<T>(table) + rowOf(indices, i, table.dim(0)) * width;
      for (int64_t d = 0; d < width; ++d) to[d] = to[d] + from[d];
    }
    return 0;
  });
  return table;
}

} // namespace

std::optional<Array> evaluateIndexed(const Call &call) {
  return llvm::TypeSwitch<mlir::Operation *, std::optional<Array>>(call.op)
      .Case([&](GatherOp) { return gatherRows(call); })
      .Case([&](ScatterAddOp) { return scatterAdd(call); })
      .Default([](mlir::Operation *) { return std::nullopt; });
}

} // namespace cornu::interpreter
