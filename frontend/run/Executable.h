// A traced function ready to run on host memory: native code, or the reference interpreter. Internal: knows MLIR.
#pragma once

#include <functional>

#include "codegen/Compiler.h"
#include "frontend/core/variable.h"
#include "frontend/run/IndexRanges.h"
#include "mlir/IR/OwningOpRef.h"

namespace cornu::run {

/// A module with one function, and the variables it declares, in its order.
struct Program {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string function;
  std::vector<Variable> variables;
  std::vector<IndexRange> index_ranges = {};
};

class Executable {
public:
  virtual ~Executable() = default;
  /// Runs the function on `batch` rows. Allocates nothing if `batch` is not larger than in any call before (native code).
  virtual void run(void *const *inputs, void *const *outputs, int64_t batch) = 0;
  /// What its inputs must keep to.
  std::vector<IndexRange> index_ranges;
};

/// Native code for this machine. `onStage` sees the text of each stage. InternalError with the compiler's message if it fails.
std::unique_ptr<Executable> compileNative(Program program, std::function<void(codegen::Stage, llvm::StringRef)> onStage = {});
/// The reference interpreter.
std::unique_ptr<Executable> interpret(Program program);

/// What compiled code is handed; null where one thread computes.
std::shared_ptr<const cornu_threads> threads();

/// Collects what MLIR reports while it lives.
class Diagnostics {
public:
  Diagnostics();
  ~Diagnostics();
  const std::string &text() const { return collected; }
  /// What has been reported, as UserError if it is about what no code can be made of, else as InternalError, after `what` could not be done.
  [[noreturn]] void fail(const std::string &what) const;

private:
  std::string collected;
  uint64_t handler;
};

} // namespace cornu::run
