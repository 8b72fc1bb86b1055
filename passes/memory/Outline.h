// Kernels become functions, constants become globals.
#pragma once

#include "ir/CornuOps.h"
#include "passes/KernelAnalysis.h"
#include "llvm/ADT/StringMap.h"

namespace cornu::passes {

/// On a kernel function that a loop launches, over and over; and where that loop can be run for some rows of the batch apart from others.
inline constexpr const char *repeatsAttr = "cornu.repeats", *repeatsByRowsAttr = "cornu.repeats_by_rows";

class Outliner {
public:
  explicit Outliner(mlir::ModuleOp module) : module(module) {}

  /// Moves the body of `kernel` into a function; equal kernels share one. `stridesOf` says how inputs and results lie in memory, `loop` which attribute
  /// the loop around the launch asks for, or null. Returns its symbol.
  llvm::StringRef outline(mlir::Operation *kernel, const char *loop, llvm::function_ref<llvm::ArrayRef<Stride>(mlir::Value)> stridesOf);
  /// The symbol of a global with the value of an arith.constant.
  llvm::StringRef global(mlir::Value constant);

private:
  mlir::ModuleOp module;
  llvm::StringMap<std::string> functions; ///< text of a kernel → its symbol
};

} // namespace cornu::passes
