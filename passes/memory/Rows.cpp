#include "passes/memory/Rows.h"

namespace cornu::passes {
using namespace mlir;

/// The only dynamic dimension; nullopt: there is none, or there are two.
static std::optional<unsigned> rowDim(ArrayRef<int64_t> extents) {
  std::optional<unsigned> found;
  for (auto [d, extent] : llvm::enumerate(extents))
    if (ShapedType::isDynamic(extent)) {
      if (found)
        return std::nullopt;
      found = d;
    }
  return found;
}

static bool isStatic(ArrayRef<int64_t> extents) { return llvm::none_of(extents, ShapedType::isDynamic); }

static bool computesRowsApart(linalg::GenericOp op) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  if (isStatic(extents))
    return true;
  std::optional<unsigned> row = rowDim(extents);
  if (!row || op.getIteratorTypesArray()[*row] != utils::IteratorType::parallel)
    return false;
  bool asksWhere = op.getBody()->walk([&](linalg::IndexOp index) { return index.getDim() == *row ? WalkResult::interrupt() : WalkResult::advance(); }).wasInterrupted();
  auto followsRow = [&](Value value, AffineMap map) {
    for (auto [extent, position] : llvm::zip_equal(cast<RankedTensorType>(value.getType()).getShape(), map.getResults())) {
      auto dim = dyn_cast<AffineDimExpr>(position);
      if (ShapedType::isDynamic(extent) ? !dim || dim.getPosition() != *row : position.isFunctionOfDim(*row))
        return false;
    }
    return true;
  };
  return !asksWhere && llvm::all_of(llvm::zip_equal(op->getOperands(), op.getIndexingMapsArray()), [&](auto pair) { return followsRow(std::get<0>(pair), std::get<1>(pair)); });
}

bool computesRowsApart(ir::KernelOp kernel) {
  return llvm::all_of(kernel.getBody().getOps<linalg::GenericOp>(), [](linalg::GenericOp op) { return computesRowsApart(op); });
}

FailureOr<SmallVector<int64_t>> rowBytes(ir::KernelOp kernel, Places &places) {
  SmallVector<int64_t> bytes;
  auto add = [&](Value value, bool written) -> LogicalResult {
    auto type = cast<RankedTensorType>(value.getType());
    std::optional<unsigned> row = rowDim(type.getShape());
    if (!row) {
      bytes.push_back(0);
      return success(isStatic(type.getShape()) && !written);
    }
    Stride stride = places[value].strides[*row];
    if (stride.timesBatch)
      return failure();
    bytes.push_back(stride.elements * llvm::divideCeil(type.getElementTypeBitWidth(), 8));
    return success();
  };
  for (Value input : kernel.getInputs())
    if (failed(add(input, false)))
      return failure();
  for (Value result : kernel.getResults())
    if (failed(add(result, true)))
      return failure();
  return bytes;
}

} // namespace cornu::passes
