// Native code: compiled in this process, called through the C ABI.
#include "frontend/run/Executable.h"

#include <cstdlib>
#include <set>

#include "ir/CornuOps.h"
#include "runtime/cornu_abi.h"

namespace cornu::run {

namespace {

class Native : public Executable {
public:
  Native(std::unique_ptr<codegen::LoadedModule> module, const Program &program, const std::vector<std::string> &symbols) : loaded(std::move(module)) {
    spec = loaded->spec().find(program.function);
    entry = loaded->lookup(program.function);
    if (!spec || !entry) throw InternalError("compiled code lacks the function " + program.function);
    for (const codegen::TensorSpec &declared : loaded->spec().variables) {
      auto at = std::find(symbols.begin(), symbols.end(), declared.name);
      if (at == symbols.end()) throw InternalError("compiled code has the variable " + declared.name + ", which the trace did not declare");
      variables.push_back(program.variables[static_cast<size_t>(at - symbols.begin())]);
      pointers.push_back(variables.back().value().raw());
    }
  }
  ~Native() override { std::free(workspace); }

  void run(void *const *inputs, void *const *outputs, int64_t batch) override {
    int64_t needed = spec->workspace.at(batch);
    if (needed > workspaceBytes || !workspace) {
      std::free(workspace);
      workspaceBytes = (std::max<int64_t>(needed, 1) + CORNU_WORKSPACE_ALIGNMENT - 1) / CORNU_WORKSPACE_ALIGNMENT * CORNU_WORKSPACE_ALIGNMENT;
      workspace = std::aligned_alloc(CORNU_WORKSPACE_ALIGNMENT, static_cast<size_t>(workspaceBytes));
      if (!workspace) throw EnvironmentError("workspace", "cannot allocate " + std::to_string(workspaceBytes) + " bytes");
    }
    std::shared_ptr<const cornu_threads> helpers = threads();
    entry(inputs, outputs, pointers.data(), batch, workspace, helpers.get());
  }

private:
  std::unique_ptr<codegen::LoadedModule> loaded;
  const codegen::FunctionSpec *spec;
  codegen::EntryPoint entry;
  std::vector<Variable> variables; // keeps their memory alive
  std::vector<void *> pointers;
  void *workspace = nullptr;
  int64_t workspaceBytes = 0;
};

} // namespace

std::unique_ptr<Executable> compileNative(Program program, std::function<void(codegen::Stage, llvm::StringRef)> onStage) {
  std::vector<std::string> symbols;
  for (auto variable : program.module->getOps<ir::VariableOp>()) symbols.push_back(variable.getSymName().str());
  Diagnostics diagnostics;
  codegen::CompileOptions options;
  options.onStage = std::move(onStage);
  auto object = codegen::compileToObject(*program.module, options);
  if (mlir::failed(object)) diagnostics.fail("cannot compile " + program.function);
  std::string error;
  auto loaded = codegen::LoadedModule::load(std::move(*object), &error);
  if (mlir::failed(loaded)) throw InternalError("cannot load the code of " + program.function + ": " + error);
  return std::make_unique<Native>(std::move(*loaded), program, symbols);
}

} // namespace cornu::run
