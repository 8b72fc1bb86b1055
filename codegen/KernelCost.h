// What a kernel has to do at least, whatever code does it.
#pragma once

#include "codegen/Compiler.h"
#include "ir/CornuOps.h"

namespace cornu::codegen {

/// The kernel of a launch, in a module whose kernels are still structured ops: its operations and bytes, over all repetitions of the launch.
KernelSpec describeKernel(ir::LaunchOp launch);

} // namespace cornu::codegen
