// Where time goes inside a compiled function.
#pragma once

#include "codegen/Compiler.h"

namespace cornu::codegen {

/// Adds to a module in the LLVM dialect (CompileOptions::beforeObject): every function counts the cycles of each of its launches. The
/// counters, one int64 for each of the function's kernels, stand behind the variables: variables[number of variables] points to them.
llvm::LogicalResult addKernelCounters(mlir::ModuleOp module, const ModuleSpec &spec);

} // namespace cornu::codegen
