// Sums of rows: the gradient of a table in which a model only looks up. Internal: knows MLIR.
//
// Keras on TensorFlow keeps such a gradient as rows and their numbers (tf.IndexedSlices), and what it computes element by element it computes of
// each row: where a batch looks up a row twice, the square in Adam or RMSprop is the sum of two squares, not the square of the sum. To give its numbers, a
// tensor that gradients() returns remembers the rows that it is the sum of, and the functions that are zero at zero work on them.
#pragma once

#include "frontend/ops/emit.h"

namespace cornu::ops {

/// Rows, and for each the number of the table's row that it is added to.
struct Addend {
  Tensor rows, indices;
};

/// A table of this shape, the sum of `addends`.
Tensor sumOfRows(const Shape &table, std::vector<Addend> addends);
/// x, no longer taken apart into rows.
Tensor asTable(const Tensor &x);
/// f(x), an element-wise function that is zero at zero: of each row, if x is a sum of rows.
Tensor rowByRow(const Tensor &x, const std::function<Tensor(const Tensor &)> &f);
/// `y`, which is f(x, other), linear in x: still a sum of rows, if x is one and `other` a scalar or a table like it.
Tensor linearInRows(const Tensor &y, const Tensor &x, const Tensor &other, const std::function<Tensor(const Tensor &, const Tensor &)> &f);

} // namespace cornu::ops
