// Model::compile_to: ahead-of-time compilation.
#include <algorithm>
#include <filesystem>

#include "codegen/Aot.h"
#include "codegen/Target.h"
#include "frontend/saving/files.h"
#include "frontend/training/trainer.h"

namespace cornu {

const std::vector<std::pair<std::string, Emit>> &emit_names() {
  static const std::vector<std::pair<std::string, Emit>> names = {
      {"exe", Emit::Exe},     {"obj", Emit::Obj},     {"static-lib", Emit::StaticLib}, {"shared-lib", Emit::SharedLib}, {"header", Emit::Header}, {"graph", Emit::Graph},
      {"cornu", Emit::Cornu}, {"linalg", Emit::Linalg}, {"vector", Emit::Vector},        {"llvm", Emit::LLVM},            {"asm", Emit::Asm}};
  return names;
}

namespace {

const char *suffixOf(Emit kind) {
  static constexpr const char *suffixes[] = {"", ".o", ".a", ".so", ".h", ".graph.mlir", ".cornu.mlir", ".linalg.mlir", ".vector.mlir", ".ll", ".s"};
  return suffixes[static_cast<size_t>(kind)];
}

bool isText(Emit kind) { return kind >= Emit::Graph; }

void checkCanBeMade(const std::string &path, const CompileToOptions &options) {
  namespace fs = std::filesystem;
  std::string stem = fs::path(path).filename().string();
  if (stem.empty()) throw UserError("compile_to: the path must end in a name", "path='" + path + "'");
  if (options.sample_weight && !options.train) throw UserError("compile_to: sample_weight is an argument of the training step: set train, too");
  if (options.emit.empty()) throw UserError("compile_to: emit must name at least one kind of file", "emit={}");
  std::error_code error;
  if (std::find(options.emit.begin(), options.emit.end(), Emit::Exe) != options.emit.end() && fs::is_directory(path, error))
    throw EnvironmentError(path, "cannot write the executable: it is a folder");
  if (codegen::Target::forCpu(options.target_cpu).cpu.empty())
    throw UserError("compile_to: target_cpu must be a processor that LLVM knows for this machine's architecture, or 'native'", "target_cpu='" + options.target_cpu + "'");
}

} // namespace

Compilation Model::compile_to(const std::string &path, const CompileToOptions &given) {
  checkCanBeMade(path, given);
  CompileToOptions options = given;
  if (options.debug_info && std::find(options.emit.begin(), options.emit.end(), Emit::Cornu) == options.emit.end()) options.emit.push_back(Emit::Cornu);
  run::Program program = Trainer::traceForDeployment(*this, options.train, options.sample_weight);
  std::vector<Array> values;
  for (const Variable &variable : program.variables) values.push_back(variable.value());

  std::map<Emit, std::string> texts;
  codegen::AotOptions aot{.name = std::filesystem::path(path).filename().string(), .cpu = options.target_cpu};
  aot.weights = options.weights == Weights::Embed ? codegen::Weights::Embed : codegen::Weights::External;
  aot.threads = options.threads;
  if (options.debug_info) aot.linesOf = std::filesystem::absolute(path + suffixOf(Emit::Cornu)).string();
  if (std::any_of(options.emit.begin(), options.emit.end(), isText))
    aot.onStage = [&](codegen::Stage stage, llvm::StringRef text) {
      auto kind = static_cast<Emit>(static_cast<int>(Emit::Graph) + static_cast<int>(stage));
      if (std::find(options.emit.begin(), options.emit.end(), kind) != options.emit.end()) texts[kind] = text.str();
    };
  run::Diagnostics diagnostics;
  auto object = codegen::compileAheadOfTime(*program.module, values, aot);
  if (mlir::failed(object)) diagnostics.fail("cannot compile '" + name() + "' ahead of time");

  Compilation made{.name = object->interface.name};
  for (Emit kind : options.emit) {
    std::string file = path + suffixOf(kind);
    switch (kind) {
    case Emit::Exe: codegen::linkExecutable(*object, options.target_cpu, file); break;
    case Emit::Obj: writeFile(file, object->object); break;
    case Emit::StaticLib: writeFile(file, codegen::makeStaticLibrary(*object)); break;
    case Emit::SharedLib: codegen::linkSharedLibrary(*object, file); break;
    case Emit::Header: writeFile(file, object->header); break;
    default: writeFile(file, texts.at(kind));
    }
    made.files.push_back(file);
  }
  if (options.weights == Weights::External && !object->weights.empty()) {
    writeFile(path + ".weights", object->weights);
    made.files.push_back(path + ".weights");
  }

  for (const codegen::CFunction &function : object->interface.functions) {
    const codegen::FunctionSpec *spec = object->spec.find(function.name);
    made.kernels += static_cast<int64_t>(spec->kernels.size());
    if (function.name != "predict") continue;
    made.workspace_bytes = function.workspace.at(1);
    made.workspace_bytes_per_row = function.workspace.perRow;
    for (size_t i = 0; i < function.uses.size(); ++i)
      if (function.uses[i]) {
        const codegen::Slot &slot = object->interface.slots[i];
        made.weight_bytes += slot.bytes;
        made.weights += slot.bytes / static_cast<int64_t>(sizeOf(slot.spec.dtype));
      }
  }
  made.code_bytes = static_cast<int64_t>(object->object.size()) - (options.weights == Weights::Embed ? object->interface.bytes : 0);
  return made;
}

} // namespace cornu
