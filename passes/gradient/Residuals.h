// What the gradient of a loop needs to know about the values of its steps.
#pragma once

#include "ir/CornuOps.h"

namespace cornu::passes {

/// Replaces the values of the steps of `forward` that the body of `backward`, a loop the other way, refers to: by slices of sequences,
/// by values computed again where that is cheap, and by outputs that are added to `forward` and stacked. `forward` is rebuilt if it needs more
/// outputs; `backward` gets arguments for the sequences returned.
struct Residuals {
  ir::ScanOp forward;                     ///< as it now is
  llvm::SmallVector<mlir::Value> sequences; ///< in the order of the arguments added
};
Residuals provideResiduals(ir::ScanOp forward, mlir::Block *backward);

} // namespace cornu::passes
