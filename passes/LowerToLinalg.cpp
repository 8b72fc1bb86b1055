#include "passes/Passes.h"
#include "passes/lowering/Lowering.h"

namespace cornu::passes {
#define GEN_PASS_DEF_LOWERTOLINALGPASS
#include "passes/Passes.h.inc"

namespace {
struct LowerToLinalg : impl::LowerToLinalgPassBase<LowerToLinalg> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<mlir::func::FuncOp>())
      if (!function.isDeclaration() && failed(Lowering(function).run()))
        return signalPassFailure();
  }
};
} // namespace
} // namespace cornu::passes
