#include "codegen/AotInterface.h"
#include "codegen/LowerToLLVM.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "runtime/cornu_abi.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

class WrapperBuilder {
public:
  WrapperBuilder(ModuleOp module, const AotInterface &interface)
      : module(module), interface(interface), b(module.getContext()), loc(module.getLoc()), ptr(LLVM::LLVMPointerType::get(b.getContext())),
        i64(b.getI64Type()), nothing(LLVM::LLVMVoidType::get(b.getContext())) {}

  void run(llvm::StringRef bytes) {
    makeLocal();
    if (interface.weights == Weights::Embed && interface.bytes) {
      b.setInsertionPointToStart(module.getBody());
      embedded = LLVM::GlobalOp::create(b, loc, LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size()), /*isConstant=*/true, LLVM::Linkage::Internal,
                                        interface.name + ".weights", b.getStringAttr(bytes), CORNU_WORKSPACE_ALIGNMENT);
    }
    for (const CExport &function : interface.exports())
      call(function);
    if (!interface.training)
      return;
    if (embedded)
      initState();
    resetMetrics();
    for (const CMetric &metric : interface.metrics)
      readMetric(metric);
  }

private:
  ModuleOp module;
  const AotInterface &interface;
  OpBuilder b;
  Location loc;
  Type ptr, i64, nothing;
  LLVM::GlobalOp embedded;

  Value constant(int64_t value) { return LLVM::ConstantOp::create(b, loc, i64, value); }
  Value at(Value base, int64_t bytes) { return LLVM::GEPOp::create(b, loc, ptr, b.getI8Type(), base, ArrayRef<LLVM::GEPArg>{constant(bytes)}); }

  /// Entry points and kernels become local symbols that bear the model's name.
  void makeLocal() {
    for (auto function : module.getOps<LLVM::LLVMFuncOp>())
      if (!function.isExternal())
        function.setPassthroughAttr(b.getArrayAttr(b.getStringAttr(localFunction)));
    auto rename = [&](const CFunction &f) { module.lookupSymbol<LLVM::LLVMFuncOp>(f.name).setSymName(interface.name + "." + f.name); };
    for (const CFunction &f : interface.functions)
      rename(f);
    for (const CMetric &metric : interface.metrics)
      rename(metric.function);
  }

  LLVM::LLVMFuncOp begin(llvm::StringRef symbol, Type result, ArrayRef<Type> arguments) {
    b.setInsertionPointToEnd(module.getBody());
    auto function = LLVM::LLVMFuncOp::create(b, loc, symbol, LLVM::LLVMFunctionType::get(result, arguments));
    b.setInsertionPointToStart(function.addEntryBlock(b));
    return function;
  }

  /// An array of pointers on the stack.
  Value table(ArrayRef<Value> pointers) {
    Value memory = LLVM::AllocaOp::create(b, loc, ptr, ptr, constant(std::max<int64_t>(pointers.size(), 1)));
    for (auto [i, pointer] : llvm::enumerate(pointers))
      LLVM::StoreOp::create(b, loc, pointer, at(memory, static_cast<int64_t>(i * sizeof(void *))));
    return memory;
  }

  Value aligned(Value memory) {
    Value address = LLVM::PtrToIntOp::create(b, loc, i64, memory);
    Value up = LLVM::AndOp::create(b, loc, LLVM::SubOp::create(b, loc, constant(0), address), constant(CORNU_WORKSPACE_ALIGNMENT - 1));
    return LLVM::GEPOp::create(b, loc, ptr, b.getI8Type(), memory, ArrayRef<LLVM::GEPArg>{up});
  }

  /// symbol(inputs …, outputs …, batch[, weights or state], workspace[, threads])
  void call(const CExport &wrapper) {
    const CFunction &f = *wrapper.function;
    bool fromCaller = wrapper.memory != Memory::None;
    SmallVector<Type> types(f.inputs.size() + f.outputs.size(), ptr);
    types.push_back(i64);
    types.append(1 + fromCaller + interface.threads, ptr);
    auto function = begin(wrapper.symbol, nothing, types);
    SmallVector<Value> arguments(function.getArguments().begin(), function.getArguments().end());
    Value threads = interface.threads ? arguments.pop_back_val() : LLVM::ZeroOp::create(b, loc, ptr).getResult();
    Value workspace = arguments.pop_back_val();
    Value state = fromCaller ? arguments.pop_back_val() : embedded ? LLVM::AddressOfOp::create(b, loc, embedded).getResult() : Value();
    Value batch = arguments.pop_back_val();
    ArrayRef<Value> tensors = arguments;
    enter(f, tensors.take_front(f.inputs.size()), tensors.drop_front(f.inputs.size()), state, batch, workspace, threads);
    LLVM::ReturnOp::create(b, loc, ValueRange{});
  }

  /// Calls a function of the module.
  void enter(const CFunction &f, ArrayRef<Value> inputs, ArrayRef<Value> outputs, Value state, Value batch, Value workspace, Value threads) {
    SmallVector<Value> variables;
    for (auto [slot, used] : llvm::zip_equal(interface.slots, f.uses))
      variables.push_back(used ? at(state, slot.offset) : LLVM::ZeroOp::create(b, loc, ptr));
    auto entry = module.lookupSymbol<LLVM::LLVMFuncOp>(interface.name + "." + f.name);
    Value in = table(inputs), out = table(outputs);
    LLVM::CallOp::create(b, loc, entry, ValueRange{in, out, table(variables), batch, aligned(workspace), threads});
  }

  void initState() {
    auto function = begin(interface.name + "_init_state", nothing, {ptr});
    LLVM::MemcpyOp::create(b, loc, function.getArgument(0), LLVM::AddressOfOp::create(b, loc, embedded), constant(interface.bytes), false);
    LLVM::ReturnOp::create(b, loc, ValueRange{});
  }

  void resetMetrics() {
    auto function = begin(interface.name + "_reset_metrics", nothing, {ptr});
    Value zero = LLVM::ConstantOp::create(b, loc, b.getI8Type(), 0);
    LLVM::MemsetOp::create(b, loc, at(function.getArgument(0), interface.metricsOffset), zero, constant(interface.bytes - interface.metricsOffset), false);
    LLVM::ReturnOp::create(b, loc, ValueRange{});
  }

  /// Runs on the stack: a metric needs little room, and none that depends on a batch.
  void readMetric(const CMetric &metric) {
    Type f32 = b.getF32Type();
    auto function = begin(metric.symbol, f32, {ptr});
    Value result = LLVM::AllocaOp::create(b, loc, ptr, f32, constant(1));
    Value workspace = LLVM::AllocaOp::create(b, loc, ptr, b.getI8Type(), constant(metric.function.workspace.at(1)));
    enter(metric.function, {}, {result}, function.getArgument(0), constant(1), workspace, LLVM::ZeroOp::create(b, loc, ptr));
    LLVM::ReturnOp::create(b, loc, ValueRange{LLVM::LoadOp::create(b, loc, f32, result)});
  }
};

} // namespace

void addWrappers(ModuleOp module, const AotInterface &interface, llvm::StringRef bytes) { WrapperBuilder(module, interface).run(bytes); }

} // namespace cornu::codegen
