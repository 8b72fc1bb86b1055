#include "passes/memory/Strides.h"

namespace cornu::passes {
using namespace mlir;

FailureOr<SmallVector<Stride>> splitStrides(ArrayRef<int64_t> shape, ArrayRef<Stride> strides, ArrayRef<int64_t> finer) {
  SmallVector<Stride> result(finer.size());
  size_t d = finer.size();
  for (size_t i = shape.size(); i-- > 0;) {
    int64_t left = shape[i];
    for (Stride stride = strides[i];;) {
      if (d == 0)
        return failure();
      int64_t extent = finer[--d];
      result[d] = stride;
      if (extent == left)
        break;
      if (ShapedType::isDynamic(extent) || ShapedType::isDynamic(left) || left % extent)
        return failure();
      left /= extent;
      stride.elements *= extent;
    }
  }
  if (d)
    return failure();
  return result;
}

} // namespace cornu::passes
