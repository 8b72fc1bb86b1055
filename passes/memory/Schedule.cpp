#include "passes/memory/Schedule.h"

namespace cornu::passes {
using namespace mlir;

bool isView(Operation *op) { return isa<ir::ReshapeOp, ir::SliceOp, ir::PadOp>(op); }

static bool isStep(Operation *op) { return isa<ir::KernelOp, ir::ScanOp>(op); }

Schedule::Schedule(Block &block) : block(block) {
  for (Operation &op : block)
    if (isStep(&op))
      list.push_back(&op);
}

void Schedule::predecessors(Operation *step, llvm::function_ref<void(Operation *)> visit) {
  std::function<void(Value)> through = [&](Value value) {
    Operation *def = value.getDefiningOp();
    if (!def || def->getBlock() != &block)
      return;
    if (isStep(def))
      return visit(def);
    for (Value operand : def->getOperands())
      through(operand);
  };
  for (Value operand : step->getOperands())
    through(operand);
  if (auto scan = dyn_cast<ir::ScanOp>(step))
    for (Value captured : scan.getCaptured())
      through(captured);
  if (auto it = after.find(step); it != after.end())
    for (Operation *before : it->second)
      visit(before);
}

bool Schedule::dependsOn(Operation *step, Operation *on) {
  llvm::SmallPtrSet<Operation *, 32> seen;
  std::function<bool(Operation *)> search = [&](Operation *current) {
    if (current == on)
      return true;
    if (!seen.insert(current).second)
      return false;
    bool found = false;
    predecessors(current, [&](Operation *before) { found = found || search(before); });
    return found;
  };
  return search(step);
}

SmallVector<Operation *> Schedule::readersOf(ArrayRef<Value> values) {
  llvm::SetVector<Operation *> readers;
  std::function<void(Value)> follow = [&](Value value) {
    for (Operation *user : value.getUsers()) {
      if (isView(user))
        follow(user->getResult(0));
      else if (Operation *step = block.findAncestorOpInBlock(*user); step && isStep(step))
        readers.insert(step);
    }
  };
  for (Value value : values)
    follow(value);
  return readers.takeVector();
}

void Schedule::order() {
  SmallVector<Operation *> ordered;
  llvm::SmallPtrSet<Operation *, 32> done;
  std::function<void(Operation *)> visit = [&](Operation *step) {
    if (!done.insert(step).second)
      return;
    predecessors(step, visit);
    ordered.push_back(step);
  };
  for (Operation *step : list)
    visit(step);
  list = ordered;
}

bool Schedule::advance(unsigned from, unsigned to) {
  if (llvm::any_of(ArrayRef(list).slice(to, from - to), [&](Operation *before) { return dependsOn(list[from], before); }))
    return false;
  std::rotate(list.begin() + to, list.begin() + from, list.begin() + from + 1);
  return true;
}

} // namespace cornu::passes
