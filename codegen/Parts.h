// Kernels that threads share: what their functions look like, and how they are called.
#pragma once

#include "mlir/IR/BuiltinOps.h"

namespace mlir {
class LLVMTypeConverter;
}

namespace cornu::codegen {

/// On a kernel function that can be called in parts, four integers: its Work, the least that a part should be, and how many rows of the batch each must have (0: any).
/// Its last arguments are `part` and `parts`.
inline constexpr const char *workAttr = "cornu.work";

/// On a kernel function that is told how often its loop has run before: its last argument before those.
inline constexpr const char *turnAttr = "cornu.turn";

/// On a kernel function that computes rows of the batch apart: how many at least, and what it takes (KernelBuilder::leastRows and work), three integers.
inline constexpr const char *rowsAttr = "cornu.rows";

/// Loops all of whose launches compute rows of the batch apart become kernels of their own, of which each thread runs all steps for its rows: the threads meet
/// once and not at every step.
void shareLoops(mlir::ModuleOp module, int64_t smallestPart);

/// Kernels take pointers: each memref argument becomes one, rebuilt as a descriptor in the entry block, and launches become calls. A kernel that can
/// be called in parts becomes a cornu_task, its context an array of pointers and numbers.
void bindKernels(mlir::ModuleOp module, mlir::LLVMTypeConverter &converter);

} // namespace cornu::codegen
