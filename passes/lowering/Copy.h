// Structured ops that move elements.
#pragma once

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace cornu::passes {

/// A tensor without values yet. Its dynamic extents are the batch.
mlir::Value createEmpty(mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType type);

/// Elements of x at `from`, written at `to`: maps from the same loops, all parallel. `name` becomes part of the kernel's.
mlir::Value createMove(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name, mlir::Value x, mlir::RankedTensorType type, mlir::AffineMap from,
                       mlir::AffineMap to);

/// x again, in memory of its own.
mlir::Value createCopy(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);

/// True for what createCopy makes.
bool isCopy(mlir::linalg::GenericOp op);

} // namespace cornu::passes
