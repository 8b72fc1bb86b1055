// The C face of a compiled model: which functions it has, what their arguments are called, where each variable lies.
// Header and wrappers are both written from this one description.
#pragma once

#include <string>
#include <vector>

#include "codegen/Compiler.h"
#include "ir/CornuOps.h"

namespace cornu::codegen {

/// Where the weights of a compiled model are.
enum class Weights { Embed, External };

/// A variable of the module as bytes of the weights (or, with training, of the state).
struct Slot {
  TensorSpec spec;
  ir::Role role = ir::Role::weight;
  bool used = false;             ///< by any function; others take no room
  int64_t offset = 0, bytes = 0;
  std::string macro;             ///< DENSE_KERNEL
};

/// An argument of a C function.
struct CTensor {
  std::string name;              ///< a C identifier, unique in its function
  TensorSpec spec;
  int64_t perSample = 0;         ///< elements, the batch left out
};

struct CFunction {
  std::string name;              ///< in the module: "predict"
  std::string symbol;            ///< in C: "digits_predict"
  std::string workspaceMacro;    ///< "DIGITS_WORKSPACE_BYTES"
  std::vector<CTensor> inputs, outputs;
  std::vector<bool> uses;        ///< of each variable
  bool assigns = false;          ///< updates variables
  Bytes workspace;
};

/// What a training step accumulates, read from the state by a function of the module, "read_<key>", without inputs and with one float.
struct CMetric {
  std::string key;               ///< "loss"
  std::string symbol;            ///< "digits_read_loss"
  CFunction function;
};

/// What a C function is handed besides tensors: nothing (its weights are embedded), weights that it only reads, or the training state.
enum class Memory { None, Weights, State };

/// A C function as declared: some functions of the module are exported twice.
struct CExport {
  const CFunction *function;
  std::string symbol;
  Memory memory;
};

struct AotInterface {
  std::string name, macro;       ///< "digits", "DIGITS"
  Weights weights = Weights::Embed;
  bool training = false;         ///< some function updates variables
  bool threads = false;          ///< functions take a cornu_threads
  std::vector<Slot> slots;       ///< one for each variable of the module
  int64_t bytes = 0;             ///< of all slots together
  int64_t metricsOffset = 0;     ///< metric states lie together, at the end
  std::vector<CFunction> functions;  ///< those that compute on batches
  std::vector<CMetric> metrics;

  /// Declarations of all functions that compute: inputs …, outputs …, batch[, weights or state], workspace[, threads].
  std::vector<CExport> exports() const;
};

/// A name as a C identifier: other characters become '_', keywords and leading digits get one.
std::string identifier(llvm::StringRef name);
/// The same in capitals.
std::string macroName(llvm::StringRef name);
/// "float", "int64_t", … : the C type that holds an element.
const char *cType(DType dtype);

/// Describes the functions of a module that has not been compiled yet; workspaces are filled in by `completeInterface`.
AotInterface makeInterface(mlir::ModuleOp module, const std::string &name, Weights weights);
/// Adds what the compiled module's spec knows: arguments and workspaces.
void completeInterface(AotInterface &interface, const ModuleSpec &spec);

/// The header, in C99 and C++.
std::string writeHeader(const AotInterface &interface);

/// Adds the exported C functions and, if embedded, `bytes` (of all slots) to a module in the LLVM dialect; all else becomes local.
void addWrappers(mlir::ModuleOp module, const AotInterface &interface, llvm::StringRef bytes);

} // namespace cornu::codegen
