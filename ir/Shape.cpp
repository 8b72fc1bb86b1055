#include "ir/Shape.h"

#include "mlir/IR/Diagnostics.h"

namespace cornu::ir {
using namespace mlir;

FailureOr<SmallVector<int64_t>> broadcastShapes(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  SmallVector<int64_t> result(a);
  size_t offset = a.size() - b.size();
  for (size_t i = 0; i < b.size(); ++i) {
    int64_t &extent = result[offset + i];
    if (extent == 1)
      extent = b[i];
    else if (b[i] != 1 && b[i] != extent)
      return failure();
  }
  return result;
}

std::string shapeText(ArrayRef<int64_t> shape) {
  std::string text = "(";
  for (auto [i, extent] : llvm::enumerate(shape))
    text += (i ? ", " : "") + (ShapedType::isDynamic(extent) ? std::string("?") : std::to_string(extent));
  return text + ")";
}

SmallVector<int64_t> reducedShape(ArrayRef<int64_t> shape, ArrayRef<int64_t> dims, bool keepdims) {
  SmallVector<int64_t> result;
  for (auto [i, extent] : llvm::enumerate(shape)) {
    if (!llvm::is_contained(dims, static_cast<int64_t>(i)))
      result.push_back(extent);
    else if (keepdims)
      result.push_back(1);
  }
  return result;
}

LogicalResult checkDims(std::optional<Location> loc, ArrayRef<int64_t> dims, int64_t rank) {
  for (size_t i = 0; i < dims.size(); ++i)
    if (dims[i] < 0 || dims[i] >= rank || (i && dims[i] <= dims[i - 1]))
      return emitOptionalError(loc, "dims must be ascending and within the rank of x. Received: dims=", shapeText(dims), ", rank ", rank);
  return success();
}

} // namespace cornu::ir
