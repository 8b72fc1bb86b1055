#include "codegen/Profile.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace cornu::codegen {

llvm::LogicalResult addKernelCounters(ModuleOp module, const ModuleSpec &spec) {
  OpBuilder b(module.getContext());
  Location loc = module.getLoc();
  Type i64 = b.getI64Type(), ptr = LLVM::LLVMPointerType::get(b.getContext());
  auto clock = [&] { return LLVM::CallIntrinsicOp::create(b, loc, i64, b.getStringAttr("llvm.readcyclecounter"), ValueRange{}).getResult(0); };
  for (const FunctionSpec &f : spec.functions) {
    auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(f.name);
    SmallVector<LLVM::CallOp> launches;
    function.walk([&](LLVM::CallOp call) { launches.push_back(call); });
    if (launches.size() != f.kernels.size())
      return module.emitError("profile: the launches of ") << f.name << " are not those of its plan";
    b.setInsertionPointToStart(&function.getBody().front());
    auto element = [&](Type type, Value base, size_t index) -> Value {
      return LLVM::GEPOp::create(b, loc, ptr, type, base, ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
    };
    Value counters = LLVM::LoadOp::create(b, loc, ptr, element(ptr, function.getArgument(2), spec.variables.size()));
    for (auto [i, call] : llvm::enumerate(launches)) {
      b.setInsertionPoint(call);
      Value before = clock();
      b.setInsertionPointAfter(call);
      Value spent = LLVM::SubOp::create(b, loc, clock(), before), counter = element(i64, counters, i);
      LLVM::StoreOp::create(b, loc, LLVM::AddOp::create(b, loc, LLVM::LoadOp::create(b, loc, i64, counter), spent), counter);
    }
  }
  return success();
}

} // namespace cornu::codegen
