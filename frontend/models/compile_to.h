// What Model::compile_to makes: native files that need neither Cornu nor Keras.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cornu {

/// A file to make, here with the end of its name. The last six are the program's text at a stage.
enum class Emit : uint8_t {
  Exe,        ///< (none)          predicts from files: --input, --output, --repeat
  Obj,        ///< .o              needs nothing but libc
  StaticLib,  ///< .a
  SharedLib,  ///< .so
  Header,     ///< .h              C99
  Graph,      ///< .graph.mlir
  Cornu,      ///< .cornu.mlir
  Linalg,     ///< .linalg.mlir
  Vector,     ///< .vector.mlir
  LLVM,       ///< .ll
  Asm,        ///< .s
};

/// Every kind, by the name it has on the command line: "exe", "static-lib", …
const std::vector<std::pair<std::string, Emit>> &emit_names();

/// Whether the weights are constants inside the object, or a file beside it (.weights) that the program loads.
enum class Weights : uint8_t { Embed, External };

struct CompileToOptions {
  std::vector<Emit> emit = {Emit::Obj, Emit::Header};
  std::string target_cpu = "native";             ///< LLVM's name of a processor
  Weights weights = Weights::Embed;
  bool threads = false;                          ///< the functions take a cornu_threads, which may be null: threads that the program lends
  bool train = false;                            ///< the training step too; the model must be compiled
  bool debug_info = false;                       ///< line tables for profilers and debuggers: lines of <path>.cornu.mlir, which is made, too
  bool sample_weight = false;                    ///< the training step takes a weight for each value of the loss, after the targets
};

/// What was made.
struct Compilation {
  std::string name;                              ///< prefix of the C functions
  std::vector<std::string> files;
  int64_t kernels = 0;
  int64_t weights = 0, weight_bytes = 0;         ///< that predict reads
  int64_t code_bytes = 0;                        ///< the object without them
  int64_t workspace_bytes = 0;                   ///< of predict, for a batch of 1
  int64_t workspace_bytes_per_row = 0;
};

} // namespace cornu
