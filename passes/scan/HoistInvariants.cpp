#include "ir/CornuOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"
#include "passes/Passes.h"

namespace cornu::passes {
#define GEN_PASS_DEF_HOISTINVARIANTSPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {
struct HoistInvariants : impl::HoistInvariantsPassBase<HoistInvariants> {
  void runOnOperation() override {
    // Inner loops first: what leaves one may leave the next.
    getOperation().walk([](ir::ScanOp scan) {
      auto isAbove = [&](Value value) { return !scan.getBody().isAncestor(value.getParentRegion()); };
      for (Operation &op : llvm::make_early_inc_range(scan.getStep()->without_terminator())) {
        llvm::SetVector<Value> inputs(op.operand_begin(), op.operand_end());
        getUsedValuesDefinedAbove(op.getRegions(), inputs);
        if (isPure(&op) && llvm::all_of(inputs, isAbove))
          op.moveBefore(scan);
      }
    });
  }
};
} // namespace
} // namespace cornu::passes
