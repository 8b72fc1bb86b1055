// Line tables, for profilers and debuggers: what each instruction belongs to, as a line of the module's text at the `cornu` stage.
#pragma once

#include "mlir/IR/BuiltinOps.h"

namespace cornu::codegen {

/// Gives each op, beside its layer's name, its line in the module's text as printed with `flags`, which is in `file`.
void locateInText(mlir::ModuleOp module, llvm::StringRef file, mlir::OpPrintingFlags flags);
/// Makes debug info of the locations that ops have by now, for a module in the LLVM dialect. What has no line is of that of its function, or of line 0.
llvm::LogicalResult addLineTables(mlir::ModuleOp module, llvm::StringRef file);

} // namespace cornu::codegen
