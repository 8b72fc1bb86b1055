// When a kernel may write over what it reads.
#include "passes/KernelAnalysis.h"
#include "passes/memory/Places.h"
#include "passes/memory/Schedule.h"

namespace cornu::passes {
using namespace mlir;

/// What a chain of views is of, and whether there are any.
static std::pair<Value, bool> underViews(Value value) {
  bool view = false;
  for (Operation *def = value.getDefiningOp(); def && isView(def); def = value.getDefiningOp()) {
    value = def->getOperand(0);
    view = true;
  }
  return {value, view};
}

/// True if the kernel of `result` reads `old` only at the element that it writes, before it writes it.
static bool updatesPointwise(OpResult result, ArrayRef<Value> old) {
  auto kernel = cast<ir::KernelOp>(result.getOwner());
  Block &body = kernel.getBody().front();
  SmallVector<linalg::GenericOp> ops(body.getOps<linalg::GenericOp>());
  auto writer = body.getTerminator()->getOperand(result.getResultNumber()).getDefiningOp<linalg::GenericOp>();
  std::optional<Contraction> root;
  for (linalg::GenericOp op : ops)
    if (!root)
      root = matchContraction(op);
  bool onePhase = true;
  std::optional<unsigned> depth;   // of the loops for each point of which everything is loaded before anything is stored
  if (!root) {
    auto nest = analyzeNest(ops);
    onePhase = nest && nest->phases == 1;
    if (nest)
      depth = nest->extents.size();
  }
  bool reads = false;
  for (auto [operand, argument] : llvm::zip_equal(kernel.getInputs(), body.getArguments())) {
    auto [source, view] = underViews(operand);
    if (!llvm::is_contained(old, source))
      continue;
    reads |= !view;
    for (OpOperand &use : argument.getUses()) {
      auto user = cast<linalg::GenericOp>(use.getOwner());
      AffineMap map = user.getMatchingIndexingMap(&use), output = user.getIndexingMapsArray().back();
      bool scalar = user.getNumLoops() == 0 && writer.getNumLoops() == 0; // read where it is used, outside of all loops
      bool earlier = (onePhase || scalar) && !writer->isBeforeInBlock(user) && user.getNumReductionLoops() == 0 && map == output;
      // At each point of all loops everything is read before anything is written.
      bool atOnce = user.getNumLoops() && (root ? map == output : onePhase && user.getNumLoops() == depth && map == writer.getIndexingMapsArray().back());
      if (view || !(earlier || atOnce) || indirectionOf(user) || (root && user == root->op) || operand.getType() != writer->getResult(0).getType())
        return false;
    }
  }
  return writer.getNumReductionLoops() == 0 || writer.getNumLoops() == writer.getNumReductionLoops() || !reads;
}

bool writeInPlace(Schedule &schedule, OpResult result, ArrayRef<Value> old) {
  // The first to write there is the kernel that makes what a sum starts from.
  while (Value start = startOf(result))
    result = cast<OpResult>(start);
  Operation *kernel = result.getOwner();
  SmallVector<Operation *> readers = schedule.readersOf(old);
  llvm::erase(readers, kernel);
  if (!updatesPointwise(result, old) || llvm::any_of(readers, [&](Operation *reader) { return schedule.dependsOn(reader, kernel); }))
    return false;
  schedule.runAfter(kernel, readers);
  return true;
}

} // namespace cornu::passes
