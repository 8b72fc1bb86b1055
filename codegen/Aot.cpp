#include "codegen/Aot.h"

#include <cstring>

#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

/// The bytes of all slots: values where variables lie, metrics at zero.
std::string initialBytes(const AotInterface &interface, const std::vector<Array> &values) {
  if (values.size() != interface.slots.size())
    throw InternalError("ahead of time: " + std::to_string(interface.slots.size()) + " variables but " + std::to_string(values.size()) + " values");
  std::string bytes(static_cast<size_t>(interface.bytes), '\0');
  for (auto [slot, value] : llvm::zip_equal(interface.slots, values)) {
    if (!slot.used || slot.role == ir::Role::metric)
      continue;
    if (value.shape() != slot.spec.shape || value.dtype() != slot.spec.dtype)
      throw InternalError("ahead of time: variable '" + slot.spec.name + "' has shape " + shapeString(slot.spec.shape) + " but its value " +
                          shapeString(value.shape()));
    if (slot.bytes)
      std::memcpy(bytes.data() + slot.offset, value.raw(), static_cast<size_t>(slot.bytes));
  }
  return bytes;
}

} // namespace

llvm::FailureOr<AotObject> compileAheadOfTime(ModuleOp module, const std::vector<Array> &values, const AotOptions &options) {
  AotObject result;
  result.interface = makeInterface(module, options.name, options.weights);
  result.interface.threads = options.threads;
  for (const CFunction &f : result.interface.functions)
    if (f.name == "predict" && f.assigns)
      return module.emitError("ahead of time: predict may not update variables"), failure();
  std::string bytes = initialBytes(result.interface, values);
  CompileOptions compile{.cpu = options.cpu, .linesOf = options.linesOf, .onStage = options.onStage};
  if (!options.threads)
    compile.smallestPart = 0;
  compile.beforeObject = [&](ModuleOp lowered, const ModuleSpec &spec) {
    completeInterface(result.interface, spec);
    addWrappers(lowered, result.interface, bytes);
    return success();
  };
  auto object = compileToObject(module, compile);
  if (failed(object))
    return failure();
  result.object = std::move(object->bytes);
  result.spec = std::move(object->spec);
  result.header = writeHeader(result.interface);
  if (options.weights == Weights::External)
    result.weights = std::move(bytes);
  return result;
}

std::string makeStaticLibrary(const AotObject &object) {
  std::string member = object.interface.name + ".o";
  llvm::NewArchiveMember entry(llvm::MemoryBufferRef(object.object, member));
  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  if (auto error = llvm::writeArchiveToStream(stream, entry, llvm::SymtabWritingMode::NormalSymtab, llvm::object::Archive::K_GNU,
                                              /*Deterministic=*/true, /*Thin=*/false))
    throw InternalError("static library: " + llvm::toString(std::move(error)));
  return bytes.str().str();
}

} // namespace cornu::codegen
