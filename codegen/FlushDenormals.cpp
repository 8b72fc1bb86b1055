#include "codegen/LowerToLLVM.h"
#include "codegen/Parts.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

/// Reads and writes the register that rules floating-point arithmetic, which some targets do through memory.
class ControlRegister {
public:
  ControlRegister(OpBuilder &b, Location loc, const FloatControl &control)
      : b(b), loc(loc), control(control), ptr(LLVM::LLVMPointerType::get(b.getContext())), integer(b.getIntegerType(control.bits)) {}

  Value read() {
    if (!control.throughMemory)
      return LLVM::CallIntrinsicOp::create(b, loc, integer, b.getStringAttr(control.read), ValueRange{})->getResult(0);
    Value memory = slot();
    LLVM::CallIntrinsicOp::create(b, loc, b.getStringAttr(control.read), ValueRange{memory});
    return LLVM::LoadOp::create(b, loc, integer, memory);
  }

  /// What `write` takes for a value.
  Value operand(Value value) {
    if (!control.throughMemory)
      return value;
    Value memory = slot();
    LLVM::StoreOp::create(b, loc, value, memory);
    return memory;
  }

  void write(Value operand) { LLVM::CallIntrinsicOp::create(b, loc, b.getStringAttr(control.write), ValueRange{operand}); }

  Value constant(int64_t value) { return LLVM::ConstantOp::create(b, loc, integer, value); }

private:
  OpBuilder &b;
  Location loc;
  const FloatControl &control;
  Type ptr, integer;

  Value slot() { return LLVM::AllocaOp::create(b, loc, ptr, integer, LLVM::ConstantOp::create(b, loc, b.getI64Type(), 1)); }
};

} // namespace

void flushDenormals(ModuleOp module, const Target &target) {
  const FloatControl &data = target.floatControl;
  if (!data.flush)
    return;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    if (function.isExternal())
      continue;
    // How LLVM folds constants.
    function.setDenormalFpMath("preserve-sign,preserve-sign");
    // Other kernels run within a function that has set the register; a task maybe on another thread.
    if (function->hasAttr("cornu.kernel") && !function->hasAttr(workAttr))
      continue;
    OpBuilder b(function.getContext());
    b.setInsertionPointToStart(&function.getBody().front());
    ControlRegister control(b, function.getLoc(), data);
    Value before = control.read();
    Value flushing = control.operand(LLVM::OrOp::create(b, function.getLoc(), before, control.constant(data.flush)));
    Value restored = control.operand(before);
    control.write(flushing);
    function.walk([&](LLVM::ReturnOp end) {
      b.setInsertionPoint(end);
      control.write(restored);
    });
  }
}

} // namespace cornu::codegen
