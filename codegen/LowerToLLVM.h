// From loops over vectors to LLVM IR and object code.
#pragma once

#include <memory>
#include <string>

#include "codegen/Target.h"
#include "mlir/IR/BuiltinOps.h"

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace cornu::codegen {

/// Approximates math functions, turns loops into branches, and everything into the LLVM dialect.
mlir::LogicalResult lowerToLLVMDialect(mlir::ModuleOp module, const Target &target);

/// Makes the functions that are called from outside count denormal numbers as zero while they run, as the runtimes of Keras's backends do:
/// arithmetic on them takes a hundred times as long on many processors, and a network that has learnt its data is full of them.
void flushDenormals(mlir::ModuleOp module, const Target &target);

/// A passthrough attribute of functions that are to be local symbols of the object.
inline constexpr const char *localFunction = "cornu-local";

/// LLVM IR for the module, optimised. Null on failure (diagnosed).
std::unique_ptr<llvm::Module> translateToLLVM(mlir::ModuleOp module, llvm::LLVMContext &context, const Target &target);

enum class MachineCode { Object, Assembly };
/// Object code or assembly text.
std::string emitMachineCode(llvm::Module &module, const Target &target, MachineCode kind);

} // namespace cornu::codegen
