#include "codegen/Compiler.h"

#include <chrono>

#include "codegen/DebugInfo.h"
#include "codegen/KernelBuilder.h"
#include "codegen/KernelCost.h"
#include "codegen/LowerToLLVM.h"
#include "codegen/Parts.h"
#include "codegen/Target.h"
#include "ir/CornuOps.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "passes/Pipelines.h"

using namespace mlir;

namespace cornu::codegen {

llvm::StringRef stageName(Stage stage) {
  static constexpr const char *names[] = {"graph", "cornu", "linalg", "vector", "llvm", "asm"};
  return names[static_cast<int>(stage)];
}

int64_t FunctionSpec::leastWorkspace(int64_t batch) const {
  int64_t most = 0;
  for (const Bytes &time : live)
    most = std::max(most, time.at(batch));
  return most;
}

const FunctionSpec *ModuleSpec::find(llvm::StringRef name) const {
  for (const FunctionSpec &function : functions)
    if (function.name == name)
      return &function;
  return nullptr;
}

void registerDialects(DialectRegistry &registry) {
  registry.insert<ir::CornuDialect, arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect, LLVM::LLVMDialect, linalg::LinalgDialect,
                  math::MathDialect, memref::MemRefDialect, scf::SCFDialect, tensor::TensorDialect, ub::UBDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

std::unique_ptr<MLIRContext> makeContext() {
  DialectRegistry registry;
  registerDialects(registry);
  auto context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
  return context;
}

namespace {

DType dtypeOf(Type element) {
  if (element.isF64())
    return DType::Float64;
  if (element.isF16())
    return DType::Float16;
  if (element.isBF16())
    return DType::BFloat16;
  if (element.isInteger(1))
    return DType::Bool;
  if (element.isInteger(8))
    return DType::Int8;
  if (element.isInteger(32))
    return DType::Int32;
  if (element.isInteger(64))
    return DType::Int64;
  return DType::Float32;
}

} // namespace

TensorSpec specOf(llvm::StringRef name, Type type) {
  auto tensor = cast<RankedTensorType>(type);
  TensorSpec spec{name.str(), {}, dtypeOf(tensor.getElementType())};
  for (int64_t extent : tensor.getShape())
    spec.shape.push_back(ShapedType::isDynamic(extent) ? -1 : extent);
  return spec;
}

namespace {

/// Names and types of a function's tensors, taken while it still has them.
ModuleSpec describe(ModuleOp module) {
  ModuleSpec spec;
  for (auto variable : module.getOps<ir::VariableOp>())
    spec.variables.push_back(specOf(variable.getSymName(), variable.getType()));
  for (auto function : module.getOps<func::FuncOp>()) {
    FunctionSpec f{.name = function.getName().str()};
    auto nameOf = [](Attribute attr, const char *prefix, unsigned i) {
      auto name = dyn_cast_or_null<StringAttr>(attr);
      return name ? name.str() : prefix + std::to_string(i);
    };
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      f.inputs.push_back(specOf(nameOf(function.getArgAttr(i, "cornu.name"), "input_", i), function.getArgumentTypes()[i]));
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      f.outputs.push_back(specOf(nameOf(function.getResultAttr(i, "cornu.name"), "output_", i), function.getResultTypes()[i]));
    spec.functions.push_back(f);
  }
  return spec;
}

/// What planning found out: workspace and launches.
void describePlan(ModuleOp module, ModuleSpec &spec) {
  for (FunctionSpec &f : spec.functions) {
    auto function = module.lookupSymbol<func::FuncOp>(f.name);
    auto numbers = [&](const char *attr) { return function->getAttrOfType<DenseI64ArrayAttr>(attr).asArrayRef(); };
    auto take = [](llvm::ArrayRef<int64_t> three) { return Bytes{three[0], three[1], three[2]}; };
    f.workspace = take(numbers("cornu.workspace"));
    for (auto live = numbers("cornu.live"); !live.empty(); live = live.drop_front(3))
      f.live.push_back(take(live));
    function.walk([&](ir::LaunchOp launch) { f.kernels.push_back(describeKernel(launch)); });
  }
}

OpPrintingFlags textFlags() { return OpPrintingFlags().elideLargeElementsAttrs(64); }

std::string textOf(Operation *op) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  op->print(stream, textFlags());
  return text;
}

} // namespace

FailureOr<ObjectCode> compileToObject(ModuleOp module, const CompileOptions &options) {
  Target target = Target::forCpu(options.cpu);
  if (target.cpu.empty()) {
    module.emitError() << "unknown target CPU. Received: " << options.cpu;
    return failure();
  }
  auto reached = [&](Stage stage) {
    if (options.onStage)
      options.onStage(stage, textOf(module));
  };
  auto start = std::chrono::steady_clock::now();
  auto phase = [&](const char *name) {
    auto now = std::chrono::steady_clock::now();
    if (options.onPhase)
      options.onPhase(name, std::chrono::duration<double>(now - start).count());
    start = std::chrono::steady_clock::now();
  };
  ObjectCode object;
  object.spec = describe(module);
  reached(Stage::Graph);

  PassManager differentiate(module.getContext());
  passes::buildDifferentiatePipeline(differentiate);
  if (failed(differentiate.run(module)))
    return failure();
  phase("differentiate");
  reached(Stage::Cornu);
  if (!options.linesOf.empty())
    locateInText(module, options.linesOf, textFlags());

  PassManager structure(module.getContext());
  passes::buildStructurePipeline(structure);
  if (failed(structure.run(module)))
    return failure();
  describePlan(module, object.spec);
  phase("form kernels, plan memory");
  reached(Stage::Linalg);

  if (failed(emitKernels(module, target, options.smallestPart)))
    return failure();
  // What looks at launches looks for them in the entry points.
  if (options.smallestPart && !options.beforeObject)
    shareLoops(module, options.smallestPart);
  phase("emit loops");
  reached(Stage::Vector);

  if (failed(lowerToLLVMDialect(module, target)))
    return failure();
  if (options.beforeObject && failed(options.beforeObject(module, object.spec)))
    return failure();
  if (!options.linesOf.empty() && failed(addLineTables(module, options.linesOf)))
    return failure();
  phase("to LLVM dialect");
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> llvmModule = translateToLLVM(module, context, target);
  if (!llvmModule)
    return failure();
  phase("LLVM passes");
  if (options.onStage) {
    std::string text;
    llvm::raw_string_ostream(text) << *llvmModule;
    options.onStage(Stage::LLVM, text);
    // Emission rewrites the module: the assembly is of a copy.
    options.onStage(Stage::Asm, emitMachineCode(*llvm::CloneModule(*llvmModule), target, MachineCode::Assembly));
  }
  object.bytes = emitMachineCode(*llvmModule, target, MachineCode::Object);
  phase("machine code");
  return object;
}

} // namespace cornu::codegen
