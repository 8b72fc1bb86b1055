// What a kernel has to do at least, whatever code does it.
#pragma once

#include "codegen/Compiler.h"
#include "ir/CornuOps.h"

namespace cornu::codegen {

/// The kernel of a launch, in a module whose kernels are still structured ops: its operations and bytes, over all repetitions of the launch.
KernelSpec describeKernel(ir::LaunchOp launch);

/// How often a launch goes through the whole batch in one call. A loop up to the batch goes through blocks of it.
int64_t repetitions(ir::LaunchOp launch);

} // namespace cornu::codegen
