#include "mlir/IR/PatternMatch.h"
#include "passes/Passes.h"
#include "passes/scan/Batch.h"

namespace cornu::passes {
#define GEN_PASS_DEF_HOISTPROJECTIONSPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

class Hoister {
public:
  explicit Hoister(ir::ScanOp scan) : scan(scan), step(scan.getStep()), builder(scan) {}

  void run() {
    llvm::SetVector<Operation *> candidates = findCandidates();
    llvm::DenseSet<Operation *> chosen = choose(candidates);
    for (Operation *op : candidates)
      if (chosen.contains(op))
        hoist(op);
  }

private:
  ir::ScanOp scan;
  Block *step;
  OpBuilder builder;

  bool isSlice(Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument && argument.getOwner() == step && argument.getArgNumber() >= scan.getInits().size();
  }

  /// Ops that depend on slices and on values from above alone.
  llvm::SetVector<Operation *> findCandidates() {
    llvm::SetVector<Operation *> candidates;
    auto isStacked = [&](Value value) { return isSlice(value) || (value.getDefiningOp() && candidates.contains(value.getDefiningOp())); };
    for (Operation &op : step->without_terminator()) {
      bool known = llvm::all_of(op.getOperands(), [&](Value value) { return isStacked(value) || !scan.getBody().isAncestor(value.getParentRegion()); });
      if (known && llvm::any_of(op.getOperands(), isStacked) && canBatch(scan, &op, isStacked))
        candidates.insert(&op);
    }
    return candidates;
  }

  /// Contractions, what they need, and what can be done on their results at once: the rest costs less within the step than in memory.
  llvm::DenseSet<Operation *> choose(const llvm::SetVector<Operation *> &candidates) {
    llvm::DenseSet<Operation *> chosen;
    std::function<void(Operation *)> choose = [&](Operation *op) {
      if (!op || !candidates.contains(op) || !chosen.insert(op).second)
        return;
      for (Value operand : op->getOperands())
        choose(operand.getDefiningOp());
    };
    for (Operation *op : candidates) {
      bool follows = llvm::any_of(op->getOperands(), [&](Value operand) { return operand.hasOneUse() && chosen.contains(operand.getDefiningOp()); });
      if (isa<ir::EinsumOp>(op) || follows)
        choose(op);
    }
    return chosen;
  }

  void hoist(Operation *op) {
    SmallVector<OverTime> operands;
    for (Value operand : op->getOperands()) {
      bool stacked = isSlice(operand);
      operands.push_back({stacked ? scan.getSequences()[cast<BlockArgument>(operand).getArgNumber() - scan.getInits().size()] : operand, stacked});
    }
    Value sequence = batch(builder, scan, op, operands);
    scan.getSequencesMutable().append(sequence);
    op->getResult(0).replaceAllUsesWith(step->addArgument(op->getResult(0).getType(), op->getLoc()));
    op->erase();
  }
};

struct HoistProjections : impl::HoistProjectionsPassBase<HoistProjections> {
  void runOnOperation() override {
    getOperation().walk([](ir::ScanOp scan) { Hoister(scan).run(); });
  }
};
} // namespace
} // namespace cornu::passes
