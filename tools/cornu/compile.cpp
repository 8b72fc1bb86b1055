// cornu compile: a model as native files.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "tools/cornu/Arguments.h"
#include "tools/cornu/Commands.h"

namespace cornu::driver {

namespace {

/// 55,050
std::string grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<int64_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

std::string sized(int64_t bytes) {
  char text[32];
  if (bytes < 10 * 1024) return grouped(bytes) + " B";
  if (bytes < 10 * 1024 * 1024) return grouped((bytes + 512) / 1024) + " KB";
  std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / (1024 * 1024));
  return text;
}

} // namespace

void compile(const Words &words) {
  std::string path, output, weights = "embed", cpu = "native";
  std::vector<std::string> emit, shape;
  bool training = false, weighted = false, threads = false, debugInfo = false;
  std::vector<std::string> known;
  for (const auto &[name, kind] : emit_names()) known.push_back(name);
  Arguments arguments("compile",
                      "Compiles a model into native files that need neither Cornu nor Python. C functions are named after NAME: digits_predict(...).\n\n"
                      "  --emit       file             what it is\n"
                      "  exe          NAME             a program: NAME --input FILE --output FILE --repeat N, as cornu run\n"
                      "  obj          NAME.o           object code that needs nothing but libc, with weights as constants\n"
                      "  static-lib   NAME.a           the same as a library\n"
                      "  shared-lib   NAME.so          the same as a library\n"
                      "  header       NAME.h           C99: functions, shapes, sizes of workspace and state\n"
                      "  graph        NAME.graph.mlir  the program as traced from the layers\n"
                      "  cornu        NAME.cornu.mlir  differentiated and simplified\n"
                      "  linalg       NAME.linalg.mlir kernels formed, memory planned\n"
                      "  vector       NAME.vector.mlir loops over vectors\n"
                      "  llvm         NAME.ll          LLVM IR, optimised\n"
                      "  asm          NAME.s           assembly",
                      "examples:\n  cornu compile digits.keras -o digits --emit=exe,header,asm\n"
                      "  cornu compile digits.keras -o device --emit=obj,header --train --target-cpu=x86-64-v3");
  arguments.positional("MODEL", path, modelHelp);
  arguments.option("-o", "NAME", output, "where the files go and how they are called (default: MODEL without .keras)");
  arguments.option("emit", "KIND,...", emit, "what to make, several at once (default obj,header)");
  arguments.option("target-cpu", "CPU", cpu, "a processor as LLVM names it, such as x86-64-v3 (default: native, this machine's)");
  arguments.choice("weights", {"embed", "external"}, weights, "constants in the object (default), or a file NAME.weights that the caller loads");
  arguments.flag("train", training, "exports the training step too, with weights and optimizer in the caller's memory");
  arguments.flag("sample-weight", weighted, "with --train: the step takes what each sample counts");
  arguments.flag("threads", threads, "the functions take threads that the program lends, the executable an option --threads N");
  arguments.option("input-shape", "NAME=N,...", shape, shapeHelp);
  arguments.flag("debug-info", debugInfo, "line tables for perf and gdb: each instruction is one of a line of NAME.cornu.mlir, which is made, too");
  if (!arguments.parse(words)) return;

  CompileToOptions options{.target_cpu = cpu, .weights = weights == "embed" ? Weights::Embed : Weights::External, .threads = threads, .train = training, .debug_info = debugInfo, .sample_weight = weighted};
  if (!emit.empty()) options.emit.clear();
  for (const std::string &name : emit) {
    auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      std::string nearest = closestName(name, known);
      arguments.fail("--emit must be of " + quotedList(known), "'" + name + "'" + (nearest.empty() ? "" : ". Did you mean '" + nearest + "'?"));
    }
    options.emit.push_back(emit_names()[static_cast<size_t>(found - known.begin())].second);
  }
  if (output.empty()) output = stemOf(path);

  Model model = load_model(path);
  buildFor(model, shape, "compile");
  auto begin = std::chrono::steady_clock::now();
  Compilation made = model.compile_to(output, options);
  auto milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  std::printf("%s: %lld kernels, %s weights (%s), code %s, workspace %s/row    compiled in %.0f ms\n", made.name.c_str(), static_cast<long long>(made.kernels),
              grouped(made.weights).c_str(), sized(made.weight_bytes).c_str(), sized(made.code_bytes).c_str(), sized(made.workspace_bytes_per_row).c_str(), milliseconds);
  for (const std::string &file : made.files) std::printf("  %s\n", file.c_str());
}

} // namespace cornu::driver
