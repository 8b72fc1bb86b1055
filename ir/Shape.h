// Shape arithmetic that verifiers, inference and gradient rules share.
#pragma once

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"

namespace cornu::ir {

inline mlir::RankedTensorType tensorType(mlir::Value v) { return llvm::cast<mlir::RankedTensorType>(v.getType()); }

/// NumPy's broadcast of two shapes. `?` is the batch, so `?` with 1 is `?` and `?` with n > 1 fails.
mlir::FailureOr<llvm::SmallVector<int64_t>> broadcastShapes(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b);

/// The shape as users read it: `(?, 64)`.
std::string shapeText(llvm::ArrayRef<int64_t> shape);

/// `shape` without `dims`; with `keepdims`, extent 1 in their place.
llvm::SmallVector<int64_t> reducedShape(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> dims, bool keepdims);

/// Checks that `dims` are dimensions of a tensor of `rank`, ascending without repetition; reports at `loc` if it is given.
mlir::LogicalResult checkDims(std::optional<mlir::Location> loc, llvm::ArrayRef<int64_t> dims, int64_t rank);

} // namespace cornu::ir
