// More outputs for a loop.
#pragma once

#include "ir/CornuOps.h"

namespace cornu::passes {

/// Makes the values of all steps known outside of `scan`, which is rebuilt if that takes further outputs: for each of `values` the tensor in
/// which they are stacked along the axis. A value with too few dimensions gets extents of 1 behind.
llvm::SmallVector<mlir::Value> stack(mlir::RewriterBase &rewriter, ir::ScanOp &scan, llvm::ArrayRef<mlir::Value> values);

} // namespace cornu::passes
