// The compiler's front door for the rooms above: a module of cornu functions in, native code or text out.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "runtime/cornu_abi.h"
#include "runtime/dtype.h"
#include "runtime/of_batch.h"

namespace cornu::codegen {

/// The named stages a module passes through; `name` is the spelling used everywhere.
enum class Stage { Graph, Cornu, Linalg, Vector, LLVM, Asm };
llvm::StringRef stageName(Stage);

struct ModuleSpec;

struct CompileOptions {
  std::string cpu = "native";                                      ///< LLVM CPU name; "native" asks this machine
  /// Picoseconds of a kernel's work that pay for another thread; 0: the code uses none.
  int64_t smallestPart = 10'000'000;
  std::string linesOf;                                             ///< file that holds the text of Stage::Cornu: the object gets line tables of it; empty: none
  /// If set, may add to the module when it is in the LLVM dialect: AOT's typed wrappers and weights.
  std::function<llvm::LogicalResult(mlir::ModuleOp, const ModuleSpec &)> beforeObject;
  std::function<void(Stage, llvm::StringRef text)> onStage;        ///< if set, called with the text of each stage
  std::function<void(const char *phase, double seconds)> onPhase;  ///< if set, called with the time that each phase took
};

struct TensorSpec {
  std::string name;
  std::vector<int64_t> shape;                                      ///< -1: the batch
  DType dtype;
};

using Cost = OfBatch<double>;
using Bytes = OfBatch<int64_t>;

/// A kernel as a function launches it.
struct KernelSpec {
  std::string symbol;
  Cost flops, bytes;                                               ///< it computes, and reads and writes, in one call of the function
};

/// What a caller must know to call one compiled function.
struct FunctionSpec {
  std::string name;
  std::vector<TensorSpec> inputs, outputs;
  Bytes workspace;
  std::vector<Bytes> live;                                         ///< of the tensors that live at once, at the times when most do
  /// No workspace can be smaller.
  int64_t leastWorkspace(int64_t batch) const;
  std::vector<KernelSpec> kernels;                                 ///< in order of launch
};

struct ModuleSpec {
  std::vector<FunctionSpec> functions;
  std::vector<TensorSpec> variables;                               ///< in the order of the `variables` argument
  const FunctionSpec *find(llvm::StringRef name) const;
};

/// Name, shape and element type of a ranked tensor type.
TensorSpec specOf(llvm::StringRef name, mlir::Type type);

/// Every dialect that Cornu uses, and their translation to LLVM IR.
void registerDialects(mlir::DialectRegistry &registry);

/// A context with every dialect that Cornu uses loaded.
std::unique_ptr<mlir::MLIRContext> makeContext();

/// Object code and what is needed to call it. The one product that JIT and AOT share.
struct ObjectCode {
  std::string bytes;                                               ///< an ELF relocatable object
  ModuleSpec spec;
};

/// Compiles `module` (consumed) for `options.cpu`. On failure diagnostics were emitted to the context.
llvm::FailureOr<ObjectCode> compileToObject(mlir::ModuleOp module, const CompileOptions &options);

/// ABI of every compiled function.
using EntryPoint = cornu_entry_point;

/// Object code loaded into this process.
class LoadedModule {
public:
  static llvm::FailureOr<std::unique_ptr<LoadedModule>> load(ObjectCode object, std::string *error);
  ~LoadedModule();
  const ModuleSpec &spec() const;
  EntryPoint lookup(llvm::StringRef function) const;

private:
  struct Impl;
  explicit LoadedModule(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl;
};

} // namespace cornu::codegen
