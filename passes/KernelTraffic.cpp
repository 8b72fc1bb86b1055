// Large tensors go through memory once instead of twice: nests that read the same ones become one kernel, and what is cheap to compute again from
// what is read anyway is not stored.
#include "passes/KernelFormer.h"

using namespace mlir;
using linalg::GenericOp;

namespace cornu::passes {

constexpr unsigned maxStreams = 12;   // tensors that are read or written side by side: processors foresee the way of about so many
constexpr int64_t cheap = 6;          // instructions that cost less than a number from memory

namespace {
/// Calls `visit` with each operand of `op` of which it reads another element at every point of `depth` loops.
void forLargeReads(GenericOp op, unsigned depth, llvm::function_ref<void(Value)> visit) {
  for (auto [operand, map] : llvm::zip(op.getDpsInputs(), op.getIndexingMapsArray()))
    if (llvm::count_if(map.getResults(), [](AffineExpr expr) { return !isa<AffineConstantExpr>(expr); }) >= depth)
      visit(operand);
}

llvm::SetVector<Value> largeReads(ArrayRef<GenericOp> ops, unsigned depth) {
  llvm::SmallPtrSet<Operation *, 16> members(ops.begin(), ops.end());
  llvm::SetVector<Value> reads;
  for (GenericOp op : ops)
    forLargeReads(op, depth, [&](Value value) {
      if (!members.contains(value.getDefiningOp()))
        reads.insert(value);
    });
  return reads;
}

/// Point-wise over all loops of a nest of this depth.
bool isFull(GenericOp op, unsigned depth) { return op.getNumReductionLoops() == 0 && op.getNumLoops() == depth && !indirectionOf(op); }
} // namespace

//===-- Siblings ---------------------------------------------------------------------------------------------------------------------===//

void KernelFormer::joinSiblings() {
  for (unsigned g = 0; g < groups.size(); ++g)
    for (bool joined = true; joined;) {
      joined = false;
      if (groups[g].root || groups[g].ops.empty())
        break;
      auto nest = analyzeNest(groups[g].ops);
      if (!nest)
        break;
      llvm::SetVector<unsigned> siblings;
      for (Value read : largeReads(groups[g].ops, nest->extents.size()))
        for (Operation *user : read.getUsers())
          if (auto it = groupOf.find(user); it != groupOf.end() && it->second > g && !groups[it->second].root)
            siblings.insert(it->second);
      joined = llvm::any_of(siblings, [&](unsigned h) { return tryJoinSiblings(g, h); });
    }
}

bool KernelFormer::tryJoinSiblings(unsigned g, unsigned h) {
  auto a = analyzeNest(groups[g].ops), b = analyzeNest(groups[h].ops);
  if (!a || !b || a->extents != b->extents)
    return false;
  unsigned depth = a->extents.size();
  Members members = membersOf({g, h});
  // A sum that starts from the other's result waits for it.
  for (Operation *member : members)
    for (Value init : cast<GenericOp>(member).getDpsInits())
      if (members.contains(init.getDefiningOp()))
        return false;
  Group joined;
  assign(joined, members);
  llvm::SetVector<Value> ofB = largeReads(groups[h].ops, depth), reads = largeReads(joined.ops, depth);
  bool shares = llvm::any_of(largeReads(groups[g].ops, depth), [&](Value value) { return ofB.contains(value); });
  auto leaves = [&](GenericOp op) {
    return op.getNumLoops() == depth && op.getNumReductionLoops() == 0 && llvm::any_of(op->getUsers(), [&](Operation *user) { return !members.contains(user); });
  };
  if (!shares || members.size() > maxOpsInKernel || reads.size() + llvm::count_if(joined.ops, leaves) > maxStreams || !isConvex(members))
    return false;
  // Phases wait for each other: no more of them than either has.
  auto nest = analyzeNest(joined.ops);
  if (!nest || nest->phases > std::max(a->phases, b->phases) || nest->kept.size() > std::max(a->kept.size(), b->kept.size()))
    return false;
  unite({g, h}, std::move(joined));
  return true;
}

//===-- Computing again --------------------------------------------------------------------------------------------------------------===//

void KernelFormer::recompute() {
  // Consumers first: what they compute again makes their operands' results needed in other nests, too.
  SmallVector<GenericOp> ops(block.getOps<GenericOp>());
  for (GenericOp op : llvm::reverse(ops))
    if (auto it = groupOf.find(op); it != groupOf.end() && !groups[it->second].root)
      tryRecompute(op);
  for (Operation *op : dead) {
    position.erase(op);
    op->erase();
  }
  dead.clear();
}

bool KernelFormer::tryRecompute(GenericOp last) {
  unsigned g = groupOf[last];
  auto nest = analyzeNest(groups[g].ops);
  if (!nest || !isFull(last, nest->extents.size()))
    return false;
  unsigned depth = nest->extents.size();
  auto outside = [&](Operation *user) {
    auto it = groupOf.find(user);
    return it == groupOf.end() || it->second != g;
  };
  llvm::SetVector<unsigned> consumers;
  for (OpOperand &use : last->getUses())
    if (outside(use.getOwner())) {
      auto user = dyn_cast<GenericOp>(use.getOwner());
      auto it = groupOf.find(use.getOwner());
      if (!user || it == groupOf.end() || groups[it->second].root || !user.isDpsInput(&use))
        return false;
      consumers.insert(it->second);
    }
  if (consumers.empty())
    return false;

  // The op with those before it that are not stored either, from what is in memory: what comes from other kernels, and results that leave this one,
  // as anything does that is not as large.
  Members chain;
  llvm::SetVector<Value> reads;
  chain.insert(last);
  int64_t work = 0;
  for (unsigned i = 0; i < chain.size(); ++i) {
    auto op = cast<GenericOp>(chain[i]);
    work += cost(op);
    forLargeReads(op, depth, [&](Value value) { reads.insert(value); });
    for (Value operand : op.getDpsInputs()) {
      auto producer = dyn_cast_or_null<GenericOp>(definition(operand));
      if (isa_and_nonnull<ir::ReadOp>(operand.getDefiningOp()) && reads.contains(operand))
        return false;   // a variable, which is to be free for its new value
      if (!producer || outside(producer) || producer.getNumLoops() < depth || producer.getNumReductionLoops() || llvm::any_of(producer->getUsers(), outside))
        continue;
      if (!isFull(producer, depth))
        return false;
      chain.insert(producer);
    }
  }
  reads.remove_if([&](Value value) { return chain.contains(value.getDefiningOp()); });
  // One number written, for which memory is read too, and one read by each consumer, against those that it must read more.
  size_t more = 0;
  for (unsigned h : consumers) {
    auto other = analyzeNest(groups[h].ops);
    if (!other || other->extents != nest->extents)
      return false;
    llvm::SetVector<Value> known = largeReads(groups[h].ops, depth);
    more += llvm::count_if(reads, [&](Value value) { return !known.contains(value); });
  }
  if (work > cheap || more > consumers.size() + 1)
    return false;

  SmallVector<Operation *> order(chain.getArrayRef());
  llvm::sort(order, [&](Operation *a, Operation *b) { return position[a] < position[b]; });
  std::vector<std::pair<unsigned, Group>> changed;
  SmallVector<Operation *> clones;
  auto undo = [&] {
    for (Operation *clone : llvm::reverse(clones)) {
      if (position[clone] == position[last])
        clone->replaceAllUsesWith(last->getResults());
      position.erase(clone);
      groupOf.erase(clone);
      clone->erase();
    }
    return false;
  };
  OpBuilder b(last);
  b.setInsertionPointAfter(last);
  for (unsigned h : consumers) {
    Members members;
    IRMapping map;
    for (Operation *op : order) {
      Operation *clone = b.clone(*op, map);
      clones.push_back(clone);
      members.insert(clone);
      position[clone] = position[op];
      groupOf[clone] = h;
    }
    for (auto [from, to] : llvm::zip_equal(last->getResults(), clones.back()->getResults()))
      Value(from).replaceUsesWithIf(to, [&](OpOperand &use) {
        auto it = groupOf.find(use.getOwner());
        return it != groupOf.end() && it->second == h;
      });
    for (GenericOp op : groups[h].ops)
      members.insert(op);
    Group joined;
    assign(joined, members);
    auto other = members.size() <= maxOpsInKernel ? analyzeNest(joined.ops) : std::nullopt;
    if (!other || other->extents != nest->extents)
      return undo();
    changed.emplace_back(h, joined);
  }
  for (auto &[h, group] : changed)
    groups[h] = group;
  for (Operation *op : llvm::reverse(order))
    if (op->use_empty()) {
      llvm::erase(groups[g].ops, cast<GenericOp>(op));
      groupOf.erase(op);
      op->dropAllReferences();
      dead.push_back(op);
    }
  return true;
}

} // namespace cornu::passes
