#include "frontend/training/feed.h"

#include <algorithm>

namespace cornu {

Feed::Feed(std::vector<Array> given, int64_t batchSize) : arrays(std::move(given)), batchSize(batchSize) {
  pointers.resize(arrays.size());
  if (!arrays.empty()) count = arrays[0].dim(0);
}

void Feed::order(std::vector<int64_t> rows) {
  permutation = std::move(rows);
  if (!staging.empty()) return;
  for (const Array &array : arrays) {
    Shape shape = array.shape();
    shape[0] = std::min(batchSize, count);
    staging.push_back(Array::uninitialized(shape, array.dtype()));
  }
}

void *const *Feed::batch(int64_t i) {
  int64_t first = firstRow(i), rows = rowsOf(i);
  for (size_t a = 0; a < arrays.size(); ++a) {
    if (permutation.empty()) {
      size_t rowBytes = arrays[a].bytes() / static_cast<size_t>(count);
      pointers[a] = static_cast<char *>(arrays[a].raw()) + static_cast<size_t>(first) * rowBytes;
    } else {
      arrays[a].gatherRows(std::span(permutation).subspan(static_cast<size_t>(first), static_cast<size_t>(rows)), staging[a]);
      pointers[a] = staging[a].raw();
    }
  }
  return pointers.data();
}

Array conform(const Array &array, const Shape &shape, DType dtype, const std::string &what) {
  Array fitted = array;
  auto rows = array.rank() ? array.dim(0) : 0;
  if (array.rank() == static_cast<int64_t>(shape.size()) + 1 && array.shape().back() == 1) {
    Shape squeezed(array.shape().begin(), array.shape().end() - 1);
    fitted = array.reshape(squeezed);
  } else if (array.rank() + 1 == static_cast<int64_t>(shape.size()) && shape.back() == 1 && array.rank() > 0) {
    Shape expanded = array.shape();
    expanded.push_back(1);
    fitted = array.reshape(expanded);
  }
  bool fits = fitted.rank() == static_cast<int64_t>(shape.size()) && rows > 0;
  for (size_t i = 1; fits && i < shape.size(); ++i) fits = shape[i] < 0 ? fitted.shape()[i] > 0 : fitted.shape()[i] == shape[i];
  if (!fits) throw UserError(what + " must have shape " + shapeString(shape) + " with at least one row", "shape=" + shapeString(array.shape()));
  return fitted.astype(dtype);
}

} // namespace cornu
