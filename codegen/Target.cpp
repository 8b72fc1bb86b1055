#include <memory>

#include "codegen/Target.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

namespace cornu::codegen {

/// What a set of features allows, best first.
struct VectorClass {
  const char *feature;
  unsigned bits, registers;
  bool masks;
};
static constexpr VectorClass vectorClasses[] = {
    {"+avx512vl", 512, 32, true}, {"+avx2", 256, 16, false}, {"+avx", 256, 16, false}, {"+sse2", 128, 16, false}, {"+neon", 128, 32, false}};

static FloatControl floatControlOf(const llvm::Triple &triple) {
  if (triple.isX86()) // MXCSR: flush to zero, denormals are zeros (Intel SDM, volume 1, 10.2.3)
    return {"llvm.x86.sse.stmxcsr", "llvm.x86.sse.ldmxcsr", true, 32, 1 << 15 | 1 << 6};
  if (triple.isAArch64()) // FPCR.FZ (Arm ARM, C5.2.8)
    return {"llvm.aarch64.get.fpcr", "llvm.aarch64.set.fpcr", false, 64, 1 << 24};
  return {};
}

static void initialize() {
  static bool once = (llvm::InitializeNativeTarget(), llvm::InitializeNativeTargetAsmPrinter(), llvm::InitializeNativeTargetAsmParser(), true);
  (void)once;
}

static const llvm::Target *hostTarget() {
  initialize();
  std::string error;
  return llvm::TargetRegistry::lookupTarget(llvm::Triple(llvm::sys::getProcessTriple()), error);
}

Target Target::forCpu(const std::string &requested) {
  Target target;
  const llvm::Triple triple(llvm::sys::getProcessTriple());
  const llvm::Target *host = hostTarget();
  std::string cpu = requested == "native" ? llvm::sys::getHostCPUName().str() : requested;
  std::unique_ptr<llvm::MCSubtargetInfo> probe(host->createMCSubtargetInfo(triple, "", ""));
  if (!probe->isCPUStringValid(cpu))
    return target;
  target.cpu = cpu;
  llvm::SubtargetFeatures features;
  if (requested == "native")
    for (const auto &feature : llvm::sys::getHostCPUFeatures())
      features.AddFeature(feature.first(), feature.second);
  target.features = features.getString();
  target.floatControl = floatControlOf(triple);
  std::unique_ptr<llvm::MCSubtargetInfo> info(host->createMCSubtargetInfo(triple, cpu, target.features));
  target.fusesMultiplyAdd = triple.isAArch64() || (triple.isX86() && info->checkFeatures("+fma"));
  for (const VectorClass &vectors : vectorClasses)
    if (info->checkFeatures(vectors.feature)) {
      target.vectorBits = vectors.bits;
      target.vectorRegisters = vectors.registers;
      target.hasMasks = vectors.masks;
      break;
    }
  return target;
}

std::unique_ptr<llvm::TargetMachine> makeTargetMachine(const Target &target) {
  llvm::TargetOptions options;
  return std::unique_ptr<llvm::TargetMachine>(
      hostTarget()->createTargetMachine(llvm::Triple(llvm::sys::getProcessTriple()), target.cpu, target.features, options,
                                        llvm::Reloc::PIC_, std::nullopt, llvm::CodeGenOptLevel::Default));
}

} // namespace cornu::codegen
