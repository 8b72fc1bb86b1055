#include "ir/CornuOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/KernelFormer.h"
#include "passes/Passes.h"

namespace cornu::passes {
#define GEN_PASS_DEF_FORMKERNELSPASS
#include "passes/Passes.h.inc"

using namespace mlir;
using linalg::GenericOp;

constexpr int64_t maxEpilogueCost = 60;   // longer bodies (a random generator) gain nothing from sitting behind a matmul

bool KernelFormer::isSetup(Operation *op) {
  return isa<tensor::EmptyOp, linalg::FillOp, ir::DynamicExtentOp>(op) || (isa<arith::ConstantOp>(op) && !isa<ShapedType>(op->getResult(0).getType()));
}

void KernelFormer::run() {
  SmallVector<GenericOp> generics(block.getOps<GenericOp>());
  for (GenericOp op : generics)
    if (auto root = matchContraction(op)) {
      groups.push_back({{op}, root});
      groupOf[op] = groups.size() - 1;
    }
  for (unsigned g = 0, end = groups.size(); g < end; ++g)
    growContraction(g);
  for (GenericOp op : generics)
    if (!groupOf.count(op))
      joinNest(op);
  joinSiblings();
  recompute();
  joinSiblings();
  order();
  for (Group &group : groups)
    if (!group.ops.empty())
      outline(group);
}

Operation *KernelFormer::definition(Value value) const {
  Operation *def = value.getDefiningOp();
  return def && def->getBlock() == &block ? def : nullptr;
}

SmallVector<Value> KernelFormer::inputsOf(Operation *op) {
  SmallVector<Value> inputs(op->getOperands());
  if (auto scan = dyn_cast<ir::ScanOp>(op))
    llvm::append_range(inputs, scan.getCaptured());
  return inputs;
}

//===-- Legality -----------------------------------------------------------===//

bool KernelFormer::isConvex(const llvm::SetVector<Operation *> &members) {
  SmallVector<Operation *> work;
  llvm::SmallPtrSet<Operation *, 32> seen;
  auto visitOperands = [&](Operation *op, bool fromMember) {
    for (Value operand : inputsOf(op)) {
      Operation *def = definition(operand);
      if (!def || isSetup(def))
        continue;
      if (members.contains(def)) {
        if (!fromMember)
          return false;
        continue;
      }
      if (seen.insert(def).second)
        work.push_back(def);
    }
    return true;
  };
  for (Operation *member : members)
    visitOperands(member, true);
  while (!work.empty()) {
    Operation *op = work.pop_back_val();
    // The whole group of an op runs at once.
    auto it = groupOf.find(op);
    if (it == groupOf.end()) {
      if (!visitOperands(op, false))
        return false;
      continue;
    }
    for (GenericOp other : groups[it->second].ops) {
      seen.insert(other);
      if (!members.contains(other) && !visitOperands(other, false))
        return false;
    }
  }
  return true;
}

int64_t KernelFormer::cost(GenericOp op) {
  int64_t sum = 0;
  for (Operation &inner : op.getBody()->without_terminator())
    sum += isa<math::MathDialect>(inner.getDialect()) ? 8 : 1;
  return sum;
}

//===-- Contractions ---------------------------------------------------------===//

bool KernelFormer::fitsEpilogue(const Contraction &root, GenericOp op, const llvm::SetVector<Operation *> &members) {
  if (!isEpilogueOf(root, op) || cost(op) > maxEpilogueCost || matchContraction(op))
    return false;
  AffineMap own = op.getIndexingMapsArray().back();
  for (auto [operand, map] : llvm::zip(op.getDpsInputs(), op.getIndexingMapsArray()))
    if (Operation *def = operand.getDefiningOp(); def && members.contains(def) && map != own)
      return false;
  return true;
}

void KernelFormer::growContraction(unsigned g) {
  const Contraction root = *groups[g].root;
  llvm::SetVector<Operation *> members;
  members.insert(root.op);
  // Everything downstream that can run on the accumulators, and cheap ops that only serve it.
  for (bool changed = true; changed;) {
    changed = false;
    SmallVector<GenericOp> candidates;
    for (Operation *member : members) {
      for (Operation *user : member->getUsers())
        if (auto op = dyn_cast<GenericOp>(user); op && op->getBlock() == &block)
          candidates.push_back(op);
      if (member != root.op)
        for (Value operand : member->getOperands())
          if (auto op = dyn_cast_or_null<GenericOp>(definition(operand)); op && llvm::all_of(op->getUsers(), [&](Operation *u) { return u != root.op && members.contains(u); }))
            candidates.push_back(op);
    }
    llvm::sort(candidates, [&](GenericOp a, GenericOp b) { return position[a] < position[b]; });
    for (GenericOp op : candidates) {
      if (members.contains(op) || groupOf.count(op) || members.size() >= maxOpsInKernel || !fitsEpilogue(root, op, members))
        continue;
      members.insert(op);
      if (isConvex(members))
        changed = true;
      else
        members.remove(op);
    }
  }
  // What only other kernels need, of values stored anyway, is cheaper recomputed there than stored here.
  for (bool changed = true; changed;) {
    changed = false;
    for (SmallVector<Operation *> all = llvm::to_vector(members); Operation *member : all)
      if (members.contains(member) && member != root.op && leaveToConsumers(member, members))
        changed = true;
  }
  for (Operation *member : members)
    groupOf[member] = g;
  assign(groups[g], members);
}

bool KernelFormer::leaveToConsumers(Operation *last, llvm::SetVector<Operation *> &members) {
  auto outside = [&](Operation *user) { return !members.contains(user); };
  if (!llvm::all_of(last->getUsers(), [&](Operation *user) { return outside(user) && isa<GenericOp>(user) && user->getBlock() == &block; }))
    return false;
  llvm::SetVector<Operation *> chain;
  chain.insert(last);
  int64_t work = 0;
  for (unsigned i = 0; i < chain.size(); ++i) {
    work += cost(cast<GenericOp>(chain[i]));
    for (Value operand : chain[i]->getOperands()) {
      Operation *def = operand.getDefiningOp();
      if (!def || !members.contains(def) || llvm::any_of(def->getUsers(), outside))
        continue;
      if (!groupOfRoot(def) && llvm::all_of(def->getUsers(), [&](Operation *user) { return chain.contains(user); }))
        chain.insert(def);
      else
        return false;
    }
  }
  constexpr int64_t cheap = 6;
  if (work > cheap)
    return false;
  for (Operation *op : chain)
    members.remove(op);
  return true;
}

bool KernelFormer::groupOfRoot(Operation *op) { return groupOf.count(op) && groups[groupOf[op]].root && groups[groupOf[op]].root->op == op; }

void KernelFormer::assign(Group &group, const llvm::SetVector<Operation *> &members) {
  group.ops.clear();
  for (Operation *member : members)
    group.ops.push_back(cast<GenericOp>(member));
  llvm::sort(group.ops, [&](GenericOp a, GenericOp b) { return position[a] < position[b]; });
}

//===-- Nests ------------------------------------------------------------------===//

void KernelFormer::joinNest(GenericOp op) {
  // The nests that feed the op, latest first.
  llvm::SetVector<unsigned> feeding;
  for (Value operand : op.getDpsInputs())
    if (Operation *def = operand.getDefiningOp())
      if (auto it = groupOf.find(def); it != groupOf.end() && !groups[it->second].root)
        feeding.insert(it->second);
  // Scalars that only loops read stay in a kernel of their own: many kernels read them.
  if (op.getNumLoops() > 0)
    feeding.remove_if([&](unsigned g) { return llvm::all_of(groups[g].ops, [](GenericOp o) { return o.getNumLoops() == 0; }); });
  SmallVector<unsigned> order(feeding.begin(), feeding.end());
  llvm::sort(order, std::greater<>());
  if (tryJoin(op, order))
    return;
  for (unsigned g : order)
    if (tryJoin(op, {g}))
      return;
  groups.push_back({{op}, std::nullopt});
  groupOf[op] = groups.size() - 1;
}

KernelFormer::Members KernelFormer::membersOf(ArrayRef<unsigned> with) const {
  Members members;
  for (unsigned g : with)
    members.insert_range(groups[g].ops);
  return members;
}

void KernelFormer::unite(ArrayRef<unsigned> with, Group united) {
  for (unsigned g : with)
    groups[g].ops.clear();
  for (GenericOp op : united.ops)
    groupOf[op] = with[0];
  groups[with[0]] = std::move(united);
}

bool KernelFormer::tryJoin(GenericOp op, ArrayRef<unsigned> with) {
  if (with.empty())
    return false;
  Members members = membersOf(with);
  members.insert(op);
  if (members.size() > maxOpsInKernel || !isConvex(members))
    return false;
  Group merged;
  assign(merged, members);
  if (!analyzeNest(merged.ops))
    return false;
  unite(with, std::move(merged));
  return true;
}

//===-- Outlining ----------------------------------------------------------------===//

void KernelFormer::order() {
  SmallVector<Operation *> result;
  llvm::SmallPtrSet<Operation *, 32> done;
  std::function<void(Operation *)> visit = [&](Operation *op) {
    if (!done.insert(op).second)
      return;
    SmallVector<Operation *> unit{op};
    if (auto it = groupOf.find(op); it != groupOf.end()) {
      unit.assign(groups[it->second].ops.begin(), groups[it->second].ops.end());
      for (Operation *member : unit)
        done.insert(member);
    }
    for (Operation *member : unit)
      for (Value operand : inputsOf(member))
        if (Operation *def = definition(operand); def && !llvm::is_contained(unit, def))
          visit(def);
    result.append(unit);
  };
  for (Operation &op : block)
    visit(&op);
  for (Operation *op : result)
    op->moveBefore(&block, block.end());
}

std::string KernelFormer::nameOf(const Group &group) {
  std::string layer;
  SmallVector<StringRef> names;
  SmallVector<GenericOp> ops(group.ops);
  if (group.root)   // the contraction gives the kernel its name
    std::stable_partition(ops.begin(), ops.end(), [&](GenericOp op) { return op == group.root->op; });
  for (GenericOp op : ops) {
    if (auto name = op->getAttrOfType<StringAttr>("cornu.op"); name && !llvm::is_contained(names, name.getValue()))
      names.push_back(name.getValue());
    if (layer.empty())
      op->getLoc()->walk([&](Location loc) {
        if (auto named = dyn_cast<NameLoc>(loc)) {
          layer = named.getName().str();
          return WalkResult::interrupt();
        }
        return WalkResult::advance();
      });
  }
  constexpr unsigned most = 4;
  std::string name = layer.empty() ? function.getName().str() : layer;
  for (auto [i, part] : llvm::enumerate(names))
    if (i < most)
      name += (i ? "_" : ".") + part.str();
  for (char &c : name)
    if (!llvm::isAlnum(c) && c != '.')
      c = '_';
  return name;
}

void KernelFormer::outline(Group &group) {
  llvm::SetVector<Value> inputs, outputs;
  llvm::SmallPtrSet<Operation *, 16> members(group.ops.begin(), group.ops.end());
  for (GenericOp op : group.ops) {
    for (Value operand : op.getDpsInputs()) {
      Operation *def = operand.getDefiningOp();
      if (!def || !members.contains(def))
        inputs.insert(operand);
    }
    for (Value init : op.getDpsInits())
      if (Operation *def = init.getDefiningOp(); !def || !isSetup(def))
        inputs.insert(init);
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(), [&](Operation *user) { return !members.contains(user); }))
        outputs.insert(result);
  }
  if (outputs.empty()) {
    for (GenericOp op : llvm::reverse(group.ops))
      op.erase();
    return;
  }
  OpBuilder b(group.ops.back());
  b.setInsertionPointAfter(group.ops.back());
  SmallVector<Type> types;
  for (Value output : outputs)
    types.push_back(output.getType());
  Location loc = group.ops.front().getLoc();
  auto kernel = ir::KernelOp::create(b, loc, types, nameOf(group), inputs.getArrayRef());
  Block &body = kernel.getBody().emplaceBlock();
  IRMapping map;
  for (Value input : inputs)
    map.map(input, body.addArgument(input.getType(), input.getLoc()));
  b.setInsertionPointToEnd(&body);
  std::function<void(Value)> setUp = [&](Value value) {
    Operation *def = value.getDefiningOp();
    if (map.contains(value) || !def || !isSetup(def))
      return;
    for (Value operand : def->getOperands())
      setUp(operand);
    b.clone(*def, map);
  };
  for (GenericOp op : group.ops) {
    for (Value init : op.getDpsInits())
      setUp(init);
    b.clone(*op, map);
  }
  SmallVector<Value> yielded;
  for (Value output : outputs)
    yielded.push_back(map.lookup(output));
  ir::YieldOp::create(b, loc, yielded);
  for (auto [i, output] : llvm::enumerate(outputs.getArrayRef()))
    Value(output).replaceUsesWithIf(kernel.getResult(i), [&](OpOperand &use) { return !members.contains(use.getOwner()); });
  for (GenericOp op : llvm::reverse(group.ops))
    op.erase();
}

namespace {
struct FormKernels : impl::FormKernelsPassBase<FormKernels> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isDeclaration())
        form(function, function.getBody().front());
  }

  void form(func::FuncOp function, Block &block) {
    KernelFormer(function, block).run();
    for (auto scan : block.getOps<ir::ScanOp>())
      form(function, *scan.getStep());
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (KernelFormer::isSetup(&op) && op.use_empty())
        op.erase();
  }
};
} // namespace
} // namespace cornu::passes
