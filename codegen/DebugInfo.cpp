#include "codegen/DebugInfo.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/IR/AsmState.h"
#include "mlir/Pass/PassManager.h"

namespace cornu::codegen {
using namespace mlir;

void locateInText(ModuleOp module, llvm::StringRef file, OpPrintingFlags flags) {
  AsmState::LocationMap lines;
  std::string text;
  llvm::raw_string_ostream stream(text);
  AsmState state(module, flags, &lines);
  module->print(stream, state);
  module.walk([&](Operation *op) {
    auto line = lines.find(op);
    if (line == lines.end())
      return;
    Location place = FileLineColLoc::get(op->getContext(), file, line->second.first, line->second.second);
    op->getLoc()->walk([&](Location loc) {
      auto named = dyn_cast<NameLoc>(loc);
      if (named)
        place = NameLoc::get(named.getName(), place);
      return named ? WalkResult::interrupt() : WalkResult::advance();
    });
    op->setLoc(place);
  });
}

static bool hasLine(Location loc) {
  return loc->walk([](Location inner) { return isa<FileLineColLoc>(inner) ? WalkResult::interrupt() : WalkResult::advance(); }).wasInterrupted();
}

llvm::LogicalResult addLineTables(ModuleOp module, llvm::StringRef file) {
  Location nowhere = FileLineColLoc::get(module.getContext(), file, 0, 0);
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    if (!hasLine(function.getLoc()))
      function->setLoc(nowhere);
    function.getBody().walk([&](Operation *op) {
      if (!hasLine(op->getLoc()))
        op->setLoc(function.getLoc());
    });
  }
  PassManager passes(module.getContext());
  passes.addPass(LLVM::createDIScopeForLLVMFuncOpPass());
  return passes.run(module);
}

} // namespace cornu::codegen
