#include "codegen/LowerToLLVM.h"

#include "codegen/Parts.h"
#include "codegen/math/VectorMath.h"
#include "ir/CornuOps.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Target/TargetMachine.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

/// Math ops that are one instruction, or a few, on every target.
bool isCheap(Operation *op) {
  return isa<math::AbsFOp, math::AbsIOp, math::SqrtOp, math::FmaOp, math::FloorOp, math::CeilOp, math::RoundEvenOp, math::TruncOp, math::CopySignOp>(op);
}

LogicalResult approximateMath(ModuleOp module) {
  RewritePatternSet patterns(module.getContext());
  populateVectorMathPatterns(patterns);
  walkAndApplyPatterns(module, std::move(patterns)); // LLVM folds what there is to fold
  WalkResult left = module.walk([](Operation *op) {
    if (!isa<math::MathDialect>(op->getDialect()) || isCheap(op))
      return WalkResult::advance();
    op->emitError() << "cornu: there is no vector code for " << op->getName() << " on " << op->getResult(0).getType();
    return WalkResult::interrupt();
  });
  return failure(left.wasInterrupted());
}

} // namespace

LogicalResult lowerToLLVMDialect(ModuleOp module, const Target &target) {
  if (failed(approximateMath(module)))
    return failure();
  MLIRContext *context = module.getContext();
  LowerToLLVMOptions options(context);
  options.useBarePtrCallConv = true;
  LLVMTypeConverter converter(context, options);
  {
    RewritePatternSet patterns(context);
    populateSCFToControlFlowConversionPatterns(patterns);
    ConversionTarget conversion(*context);
    conversion.addIllegalOp<scf::ForOp, scf::IfOp, scf::YieldOp>();
    conversion.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    if (failed(applyPartialConversion(module, conversion, std::move(patterns))))
      return failure();
  }
  {
    RewritePatternSet patterns(context);
    vector::populateVectorMaskMaterializationPatterns(patterns, /*force32BitVectorIndices=*/true);
    walkAndApplyPatterns(module, std::move(patterns));
  }
  bindKernels(module, converter);
  RewritePatternSet patterns(context);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  populateVectorToLLVMConversionPatterns(converter, patterns, false, /*force32BitVectorIndices=*/true);
  populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
  populateFuncToLLVMConversionPatterns(converter, patterns);
  populateMathToLLVMConversionPatterns(converter, patterns);
  ub::populateUBToLLVMConversionPatterns(converter, patterns);
  LLVMConversionTarget conversion(*context);
  conversion.addLegalOp<ModuleOp, UnrealizedConversionCastOp>();
  for (auto variable : llvm::make_early_inc_range(module.getOps<ir::VariableOp>()))
    variable.erase();
  ConversionConfig oneWay;   // a kernel that cannot be converted is an error, whatever was done to it: nothing is kept to undo it
  oneWay.allowPatternRollback = false;
  if (failed(applyFullConversion(module, conversion, std::move(patterns), oneWay)))
    return failure();
  SmallVector<UnrealizedConversionCastOp> casts;
  module.walk([&](UnrealizedConversionCastOp cast) { casts.push_back(cast); });
  reconcileUnrealizedCasts(casts);
  flushDenormals(module, target);
  return success();
}

/// Tells the register allocator that loops over sums turn often. Left to guess, it now and then keeps the epilogue's constants in registers, and sums on the stack.
static void weighSums(llvm::Function &function) {
  constexpr unsigned fewestSums = 8, turns = 1000;
  llvm::DominatorTree dominators(function);
  llvm::LoopInfo loops(dominators);
  for (llvm::Loop *loop : loops.getLoopsInPreorder()) {
    llvm::BasicBlock *header = loop->getHeader();
    auto *branch = dyn_cast<llvm::BranchInst>(header->getTerminator());
    auto sums = llvm::count_if(header->phis(), [](llvm::PHINode &phi) { return phi.getType()->isVectorTy(); });
    if (!loop->isInnermost() || sums < fewestSums || !branch || !branch->isConditional())
      continue;
    bool firstStays = loop->contains(branch->getSuccessor(0));
    llvm::MDNode *weights = llvm::MDBuilder(function.getContext()).createBranchWeights(firstStays ? turns : 1, firstStays ? 1 : turns);
    branch->setMetadata(llvm::LLVMContext::MD_prof, weights);
  }
}

std::unique_ptr<llvm::Module> translateToLLVM(ModuleOp module, llvm::LLVMContext &context, const Target &target) {
  std::unique_ptr<llvm::Module> llvmModule = translateModuleToLLVMIR(module, context);
  if (!llvmModule)
    return nullptr;
  std::unique_ptr<llvm::TargetMachine> machine = makeTargetMachine(target);
  llvmModule->setTargetTriple(machine->getTargetTriple());
  llvmModule->setDataLayout(machine->createDataLayout());
  std::string width = std::to_string(target.vectorBits);
  for (llvm::Function &function : *llvmModule) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", target.cpu);
    // For the divisions that allow them: see codegen::reciprocal. Products that round alone would lose a step of Newton's near the range's end.
    function.addFnAttr("reciprocal-estimates", target.fusesMultiplyAdd ? "vec-divf" : "none");
    function.addFnAttr("target-features", target.features);
    function.addFnAttr("prefer-vector-width", width);
    function.addFnAttr("min-legal-vector-width", width);
    function.addFnAttr(llvm::Attribute::NoUnwind);
    function.addFnAttr(llvm::Attribute::NoInline);   // a kernel is a symbol that profilers can name
  }
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = tuning.SLPVectorization = tuning.LoopUnrolling = tuning.LoopInterleaving = false;
  llvm::PassBuilder passes(machine.get(), tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  passes.registerModuleAnalyses(modules);
  passes.registerCGSCCAnalyses(components);
  passes.registerFunctionAnalyses(functions);
  passes.registerLoopAnalyses(loops);
  passes.crossRegisterProxies(loops, functions, components, modules);
  // The loops are written as they should run; what is left is to clean up addresses, promote scratch to registers, and
  // move what does not vary out of loops.
  llvm::ModulePassManager pipeline;
  llvm::cantFail(passes.parsePassPipeline(pipeline, "function(sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,loop-mssa(licm),early-cse)"));
  pipeline.run(*llvmModule, modules);
  for (llvm::Function &function : *llvmModule)
    if (!function.isDeclaration())
      weighSums(function);
  // Only now, so that optimisation takes them for functions called from anywhere: ahead of time or not, the code is the same.
  for (llvm::Function &function : *llvmModule)
    if (function.hasFnAttribute(localFunction)) {
      function.removeFnAttr(localFunction);
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
    }
  return llvmModule;
}

std::string emitMachineCode(llvm::Module &module, const Target &target, MachineCode kind) {
  std::unique_ptr<llvm::TargetMachine> machine = makeTargetMachine(target);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr,
                                   kind == MachineCode::Object ? llvm::CodeGenFileType::ObjectFile : llvm::CodeGenFileType::AssemblyFile))
    llvm::report_fatal_error("cornu: this target cannot emit files");
  passes.run(module);
  return std::string(bytes.begin(), bytes.end());
}

} // namespace cornu::codegen
