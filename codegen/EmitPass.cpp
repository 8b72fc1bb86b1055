#include "codegen/EmitPass.h"

#include "codegen/Compiler.h"
#include "codegen/KernelBuilder.h"
#include "codegen/LowerToLLVM.h"
#include "codegen/Parts.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

/// A pass that needs a target.
template <typename Self>
struct TargetPass : PassWrapper<Self, OperationPass<ModuleOp>> {
  TargetPass() = default;
  TargetPass(const TargetPass &other) : PassWrapper<Self, OperationPass<ModuleOp>>(other) {}
  Pass::Option<std::string> cpu{*this, "cpu", llvm::cl::desc("LLVM CPU name"), llvm::cl::init("native")};

  void getDependentDialects(DialectRegistry &registry) const override { registerDialects(registry); }

  void runOnOperation() override {
    Target target = Target::forCpu(cpu);
    if (target.cpu.empty()) {
      this->getOperation().emitError() << "unknown target CPU. Received: " << cpu;
      return this->signalPassFailure();
    }
    if (failed(static_cast<Self *>(this)->apply(this->getOperation(), target)))
      this->signalPassFailure();
  }
};

struct EmitKernelsPass : TargetPass<EmitKernelsPass> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(EmitKernelsPass)
  StringRef getArgument() const override { return "cornu-emit-kernels"; }
  StringRef getDescription() const override { return "write each kernel as loops over vectors"; }
  EmitKernelsPass() = default;
  EmitKernelsPass(const EmitKernelsPass &other) : TargetPass(other) {}
  Pass::Option<int64_t> smallestPart{*this, "smallest-part", llvm::cl::desc("picoseconds of work that pay for another thread; 0: kernels are not cut"), llvm::cl::init(0)};
  LogicalResult apply(ModuleOp module, const Target &target) {
    if (failed(emitKernels(module, target, smallestPart)))
      return failure();
    if (smallestPart)
      shareLoops(module, smallestPart);
    return success();
  }
};

struct LowerToLLVMPass : TargetPass<LowerToLLVMPass> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LowerToLLVMPass)
  StringRef getArgument() const override { return "cornu-lower-to-llvm"; }
  StringRef getDescription() const override { return "turn loops over vectors into the LLVM dialect"; }
  LogicalResult apply(ModuleOp module, const Target &target) { return lowerToLLVMDialect(module, target); }
};

} // namespace

void registerEmitPasses() {
  PassRegistration<EmitKernelsPass>();
  PassRegistration<LowerToLLVMPass>();
}

} // namespace cornu::codegen
