#include "codegen/Compiler.h"

#include "codegen/PerfMap.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"

namespace cornu::codegen {

struct LoadedModule::Impl {
  ObjectCode object;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  llvm::StringMap<EntryPoint> entries;
};

LoadedModule::LoadedModule(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
LoadedModule::~LoadedModule() = default;
const ModuleSpec &LoadedModule::spec() const { return impl->object.spec; }

EntryPoint LoadedModule::lookup(llvm::StringRef function) const {
  auto it = impl->entries.find(function);
  return it == impl->entries.end() ? nullptr : it->second;
}

llvm::FailureOr<std::unique_ptr<LoadedModule>> LoadedModule::load(ObjectCode object, std::string *error) {
  llvm::InitializeNativeTarget();
  auto impl = std::make_unique<Impl>();
  impl->object = std::move(object);
  auto fail = [&](llvm::Error e) {
    *error = llvm::toString(std::move(e));
    return mlir::failure();
  };
  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return fail(jit.takeError());
  impl->jit = std::move(*jit);
  auto buffer = llvm::MemoryBuffer::getMemBuffer(impl->object.bytes, "cornu", false);
  if (auto e = impl->jit->addObjectFile(std::move(buffer)))
    return fail(std::move(e));
  for (const FunctionSpec &function : impl->object.spec.functions) {
    auto address = impl->jit->lookup(function.name);
    if (!address)
      return fail(address.takeError());
    impl->entries[function.name] = address->toPtr<EntryPoint>();
  }
  if (wantsPerfMap())
    if (auto e = writePerfMap(impl->object.bytes, [&](llvm::StringRef name) { return reinterpret_cast<uint64_t>(impl->entries.lookup(name)); }))
      return fail(std::move(e));
  return std::unique_ptr<LoadedModule>(new LoadedModule(std::move(impl)));
}

} // namespace cornu::codegen
