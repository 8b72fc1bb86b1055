// Kernels that threads share: what their functions look like, and how they are called.
#pragma once

#include "mlir/IR/BuiltinOps.h"

namespace mlir {
class LLVMTypeConverter;
}

namespace cornu::codegen {

/// On a kernel function that can be called in parts: its Work and the least that a part should be, three integers. Its last arguments are `part`
/// and `parts`.
inline constexpr const char *workAttr = "cornu.work";

/// On a kernel function that is told how often its loop has run before: its last argument before those.
inline constexpr const char *turnAttr = "cornu.turn";

/// Kernels take pointers: each memref argument becomes one, rebuilt as a descriptor in the entry block, and launches become calls. A kernel that can
/// be called in parts becomes a cornu_task, its context an array of pointers and numbers.
void bindKernels(mlir::ModuleOp module, mlir::LLVMTypeConverter &converter);

} // namespace cornu::codegen
