// Which inputs of a function are used as row numbers, and of how many rows. Internal: knows MLIR.
#pragma once

#include <string>
#include <vector>

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "runtime/array.h"

namespace cornu::run {

/// Elements of input `input`, cut to integers, name rows of a table of `rows`; `layer` looks them up.
struct IndexRange {
  size_t input;
  int64_t rows;
  std::string layer;
};

/// Of each lookup whose indices are elements of an input as it comes, perhaps cast or in another shape.
std::vector<IndexRange> indexRangesOf(mlir::func::FuncOp function);

/// UserError if an element of the input is outside of its range: "what: an index into 'emb' must be at least -10 and less than 10. Received: …"
void checkIndices(const IndexRange &range, const Array &input, const std::string &what);

} // namespace cornu::run
