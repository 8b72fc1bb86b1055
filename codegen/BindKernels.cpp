#include "codegen/Parts.h"
#include "ir/CornuOps.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

class Binder {
public:
  Binder(ModuleOp module, LLVMTypeConverter &converter)
      : module(module), converter(converter), b(module.getContext()), ptr(LLVM::LLVMPointerType::get(module.getContext())), i64(b.getI64Type()) {}

  void run() {
    for (auto function : module.getOps<func::FuncOp>())
      if (function->hasAttr("cornu.kernel"))
        bind(function);
    SmallVector<ir::LaunchOp> launches;
    module.walk([&](ir::LaunchOp launch) { launches.push_back(launch); });
    for (ir::LaunchOp launch : launches) {
      b.setInsertionPoint(launch);
      auto kernel = module.lookupSymbol<func::FuncOp>(launch.getKernel());
      if (auto work = kernel->getAttrOfType<DenseI64ArrayAttr>(workAttr))
        share(launch, kernel, work.asArrayRef());
      else
        call(launch, kernel);
      launch.erase();
    }
  }

private:
  ModuleOp module;
  LLVMTypeConverter &converter;
  OpBuilder b;
  Type ptr, i64;
  DenseMap<Operation *, std::pair<Value, int64_t>> contexts; // of an entry point: its array, and how many slots it has
  LLVM::LLVMFuncOp launcher;

  Value constant(Location loc, int64_t value) { return LLVM::ConstantOp::create(b, loc, i64, value); }
  Value slot(Location loc, Value context, int64_t index) {
    return LLVM::GEPOp::create(b, loc, ptr, ptr, context, ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
  }

  //===-- Kernels -------------------------------------------------------===//

  void bind(func::FuncOp function) {
    Block &entry = function.getBody().front();
    b.setInsertionPointToStart(&entry);
    SmallVector<Type> types;
    if (function->hasAttr(workAttr)) {
      // (context, part, parts): what else there is lies behind the context.
      unsigned inContext = entry.getNumArguments() - 2;
      Value context = entry.insertArgument(0u, ptr, function.getLoc());
      types.push_back(ptr);
      for (unsigned i = 0; i < inContext; ++i) {
        BlockArgument argument = entry.getArgument(1);
        Location loc = argument.getLoc();
        auto memref = dyn_cast<MemRefType>(argument.getType());
        Type type = memref ? ptr : isa<IndexType>(argument.getType()) ? i64 : argument.getType();
        Value raw = LLVM::LoadOp::create(b, loc, type, slot(loc, context, i));
        argument.replaceAllUsesWith(memref ? describe(raw, memref) : type == argument.getType() ? raw : arith::IndexCastOp::create(b, loc, b.getIndexType(), raw).getResult());
        entry.eraseArgument(1);
      }
    }
    for (BlockArgument argument : entry.getArguments().drop_front(types.size())) {
      // What stands for the argument comes from an argument of another type, which keeps the place.
      auto memref = dyn_cast<MemRefType>(argument.getType());
      Location loc = argument.getLoc();
      Value placeholder = LLVM::PoisonOp::create(b, loc, memref ? ptr : i64);
      argument.replaceAllUsesWith(memref ? describe(placeholder, memref) : arith::IndexCastOp::create(b, loc, b.getIndexType(), placeholder).getResult());
      argument.setType(placeholder.getType());
      types.push_back(placeholder.getType());
      placeholder.replaceAllUsesWith(argument);
      placeholder.getDefiningOp()->erase();
    }
    function.setFunctionType(b.getFunctionType(types, {}));
  }

  /// The memory behind a pointer as a one-dimensional memref without an end.
  Value describe(Value pointer, MemRefType memref) {
    Location loc = pointer.getLoc();
    auto descriptor = MemRefDescriptor::poison(b, loc, converter.convertType(memref));
    descriptor.setAllocatedPtr(b, loc, pointer);
    descriptor.setAlignedPtr(b, loc, pointer);
    descriptor.setConstantOffset(b, loc, 0);
    descriptor.setConstantSize(b, loc, 0, std::numeric_limits<int64_t>::max());
    descriptor.setConstantStride(b, loc, 0, 1);
    Value structure = descriptor;
    return UnrealizedConversionCastOp::create(b, loc, memref, structure).getResult(0);
  }

  //===-- Launches ------------------------------------------------------===//

  SmallVector<Value> operandsOf(ir::LaunchOp launch, func::FuncOp kernel) {
    SmallVector<Value> operands(launch.getInputs());
    llvm::append_range(operands, launch.getOutputs());
    operands.push_back(launch.getBatch());
    if (kernel->hasAttr(turnAttr))
      operands.push_back(launch.getTurn());
    return operands;
  }

  void call(ir::LaunchOp launch, func::FuncOp kernel) {
    func::CallOp::create(b, launch.getLoc(), launch.getKernel(), TypeRange{}, operandsOf(launch, kernel));
  }

  void share(ir::LaunchOp launch, func::FuncOp kernel, ArrayRef<int64_t> work) {
    Location loc = launch.getLoc();
    auto entryPoint = launch->getParentOfType<func::FuncOp>();
    SmallVector<Value> operands = operandsOf(launch, kernel);
    Value context = contextOf(entryPoint, operands.size());
    for (auto [i, operand] : llvm::enumerate(operands))
      LLVM::StoreOp::create(b, loc, operand, slot(loc, context, i));
    if (entryPoint->hasAttr("cornu.kernel")) {
      // A loop that is shared itself.
      Value first = constant(loc, 0), only = constant(loc, 1);
      func::CallOp::create(b, loc, launch.getKernel(), TypeRange{}, ValueRange{context, first, only});
      return;
    }
    auto [fixed, perRow, smallest, leastRows] = std::tuple(work[0], work[1], work[2], work[3]);
    Value total = constant(loc, fixed);
    if (perRow)
      total = LLVM::AddOp::create(b, loc, total, LLVM::MulOp::create(b, loc, launch.getBatch(), constant(loc, perRow)));
    Value most = LLVM::UDivOp::create(b, loc, total, constant(loc, smallest));
    if (leastRows)
      most = LLVM::UMinOp::create(b, loc, most, LLVM::UDivOp::create(b, loc, launch.getBatch(), constant(loc, leastRows)));
    Value task = LLVM::AddressOfOp::create(b, loc, ptr, launch.getKernel()), threads = entryPoint.getArguments().back();
    LLVM::CallOp::create(b, loc, getLauncher(), ValueRange{task, context, most, threads});
  }

  /// Stack memory of an entry point, which its launches use in turn.
  Value contextOf(func::FuncOp entryPoint, int64_t slots) {
    auto &[context, size] = contexts[entryPoint];
    OpBuilder::InsertionGuard guard(b);
    if (!context) {
      b.setInsertionPointToStart(&entryPoint.getBody().front());
      context = LLVM::AllocaOp::create(b, entryPoint.getLoc(), ptr, ptr, constant(entryPoint.getLoc(), 0));
    }
    size = std::max(size, slots);
    context.getDefiningOp<LLVM::AllocaOp>().getArraySize().getDefiningOp<LLVM::ConstantOp>().setValueAttr(b.getI64IntegerAttr(size));
    return context;
  }

  /// void cornu.launch(task, context, most, threads): on as many threads as there are, but at most so many.
  LLVM::LLVMFuncOp getLauncher() {
    if (launcher)
      return launcher;
    OpBuilder::InsertionGuard guard(b);
    Location loc = module.getLoc();
    Type nothing = LLVM::LLVMVoidType::get(b.getContext());
    b.setInsertionPointToEnd(module.getBody());
    launcher = LLVM::LLVMFuncOp::create(b, loc, "cornu.launch", LLVM::LLVMFunctionType::get(nothing, {ptr, ptr, i64, ptr}), LLVM::Linkage::Internal);
    launcher->setAttr("cornu.kernel", b.getUnitAttr());
    Block *entry = launcher.addEntryBlock(b);
    Value task = entry->getArgument(0), context = entry->getArgument(1), most = entry->getArgument(2), threads = entry->getArgument(3);
    Block *several = b.createBlock(&launcher.getBody()), *together = b.createBlock(&launcher.getBody()), *alone = b.createBlock(&launcher.getBody());
    auto invoke = [&](Value callee, ValueRange arguments) {
      auto type = LLVM::LLVMFunctionType::get(nothing, llvm::to_vector(arguments.getTypes()));
      SmallVector<Value> operands{callee};
      llvm::append_range(operands, arguments);
      LLVM::CallOp::create(b, loc, type, operands);
      LLVM::ReturnOp::create(b, loc, ValueRange{});
    };
    b.setInsertionPointToEnd(entry);
    Value nobody = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq, threads, LLVM::ZeroOp::create(b, loc, ptr));
    LLVM::CondBrOp::create(b, loc, nobody, alone, several);
    // cornu_threads: count, run
    b.setInsertionPointToEnd(several);
    Value parts = LLVM::UMinOp::create(b, loc, LLVM::LoadOp::create(b, loc, i64, threads), most);
    LLVM::CondBrOp::create(b, loc, LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ugt, parts, constant(loc, 1)), together, alone);
    b.setInsertionPointToEnd(together);
    invoke(LLVM::LoadOp::create(b, loc, ptr, slot(loc, threads, 1)), {threads, task, context, parts});
    b.setInsertionPointToEnd(alone);
    invoke(task, {context, constant(loc, 0), constant(loc, 1)});
    return launcher;
  }
};

} // namespace

void bindKernels(ModuleOp module, LLVMTypeConverter &converter) { Binder(module, converter).run(); }

} // namespace cornu::codegen
