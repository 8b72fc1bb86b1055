// Rows of arrays, batch by batch, as pointers for compiled code.
#pragma once

#include <optional>

#include "frontend/core/tensor.h"
#include "runtime/array.h"

namespace cornu {

/// One array for each argument of a function, all with the same number of rows.
class Feed {
public:
  Feed() = default;
  Feed(std::vector<Array> arrays, int64_t batchSize);

  int64_t rows() const { return count; }
  int64_t batches() const { return (count + batchSize - 1) / batchSize; }
  /// Rows of batch `i`: batchSize, the last one what is left.
  int64_t rowsOf(int64_t i) const { return std::min(batchSize, count - i * batchSize); }
  int64_t firstRow(int64_t i) const { return i * batchSize; }
  /// Pointers to the rows of batch `i`: into the arrays themselves, or, under an order, into a buffer that the next call overwrites.
  void *const *batch(int64_t i);
  /// Rows come in this order from now on.
  void order(std::vector<int64_t> permutation);

private:
  std::vector<Array> arrays, staging;
  std::vector<int64_t> permutation;
  std::vector<void *> pointers;
  int64_t count = 0, batchSize = 1;
};

/// The array as an argument of `shape` (with the batch, and extents that may be any, as -1) and `dtype`: converted if it has another type, with a last axis of 1 added or
/// dropped if only that differs. UserError, starting with `what`, if it does not fit.
Array conform(const Array &array, const Shape &shape, DType dtype, const std::string &what);

} // namespace cornu
