// Ahead-of-time compilation: a module and its weights become an object that needs nothing but libc, and what is made of it.
#pragma once

#include "codegen/AotInterface.h"
#include "runtime/array.h"

namespace cornu::codegen {

struct AotOptions {
  std::string name;                                                ///< prefix of every symbol: "digits"
  std::string cpu = "native";
  Weights weights = Weights::Embed;
  bool threads = false;                                            ///< functions take a cornu_threads
  std::string linesOf;                                             ///< as in CompileOptions
  std::function<void(Stage, llvm::StringRef text)> onStage;        ///< as in CompileOptions
};

/// A model compiled for C.
struct AotObject {
  AotInterface interface;
  ModuleSpec spec;
  std::string object;            ///< an ELF relocatable object
  std::string header;            ///< C99
  std::string weights;           ///< bytes to hand to the functions; empty if they are embedded
};

/// Compiles `module` (consumed) with one value for each of its variables, in the order of their declarations: the functions become
/// `<name>_<function>`. `predict` may not update variables. Diagnostics on failure; InternalError if values do not fit.
llvm::FailureOr<AotObject> compileAheadOfTime(mlir::ModuleOp module, const std::vector<Array> &values, const AotOptions &options);

/// A static library with the object as its only member.
std::string makeStaticLibrary(const AotObject &object);
/// Links a shared library at `path`. EnvironmentError if there is no linker or it fails.
void linkSharedLibrary(const AotObject &object, const std::string &path);
/// Links a program that runs `predict` on files (`--input`, `--output`, `--repeat`). EnvironmentError as above.
void linkExecutable(const AotObject &object, const std::string &cpu, const std::string &path);

} // namespace cornu::codegen
