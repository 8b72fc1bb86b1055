// An op of a step, done for all steps at once.
#pragma once

#include "ir/CornuOps.h"

namespace cornu::passes {

/// A value of a step, for all steps: stacked along the axis, or, for a value from above, itself.
struct OverTime {
  mlir::Value value;
  bool stacked;
};

/// True if `op`, an einsum or an element-wise op, can be done for all steps at once where `isStacked` says which of its operands are stacked.
bool canBatch(ir::ScanOp scan, mlir::Operation *op, llvm::function_ref<bool(mlir::Value)> isStacked);

/// The results of `op` for all steps of `scan`, stacked, from its operands.
mlir::Value batch(mlir::OpBuilder &builder, ir::ScanOp scan, mlir::Operation *op, llvm::ArrayRef<OverTime> operands);

/// A letter for time that the equation does not use.
char timeLetter(ir::EinsumOp einsum);

} // namespace cornu::passes
