// The order in which a nest's loops run, and who runs them.
#include "codegen/NestEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

using passes::Access;
using passes::NestOp;
using passes::Part;

NestEmitter::NestEmitter(KernelBuilder &kb, const passes::Nest &nest, ValueRange yielded) : kb(kb), nest(nest), extents(nest.extents) {
  for (Value value : yielded)
    stored.insert(value);
  lanes = lanesFor(nest.ops.front().op->getBlock(), kb.target);
  for (const NestOp &entry : nest.ops) {
    Accesses access;
    linalg::GenericOp op = entry.op;
    access.indirection = passes::indirectionOf(op);
    for (auto [operand, map] : llvm::zip(op.getDpsInputs(), op.getIndexingMapsArray()))
      access.inputs.push_back(kb.buffers.contains(operand) && !producedHere(operand) ? std::optional(widen(kb.access(kb.buffers[operand], map)))
                                                                                    : std::nullopt);
    for (OpResult result : op->getResults())
      access.outputs.push_back(stored.contains(result) ? std::optional(widen(kb.access(kb.buffers[result], op.getIndexingMapMatchingResult(result))))
                                                       : std::nullopt);
    accesses.push_back(std::move(access));
  }
  mergeLoops();
  ivs.resize(extents.size());
}

LogicalResult NestEmitter::run() {
  scalars(/*post=*/false);
  if (Work work = this->work(); separable() && kb.divides(work)) {
    emitShare(work);
  } else if (!extents.empty()) {
    prepare();
    emitRows(0);
    finishFullReductions();
  }
  scalars(/*post=*/true);
  return success();
}

bool NestEmitter::producedHere(Value value) const {
  return llvm::any_of(nest.ops, [&](const NestOp &entry) { return entry.op == value.getDefiningOp(); });
}

Access NestEmitter::widen(Access access) const {
  access.strides.resize(nest.extents.size(), 0);
  return access;
}

void NestEmitter::mergeLoops() {
  llvm::SmallDenseSet<unsigned> fixed;   // loop d must not join loop d - 1
  bool rows = false;
  for (const NestOp &entry : nest.ops) {
    linalg::GenericOp op = entry.op;
    rows |= entry.part == Part::Row || entry.part == Part::RowReduce || entry.fromRow;
    if (entry.part == Part::ColumnReduce)
      fixed.insert(op.getNumReductionLoops());
    bool usesIndex = false;
    op.getBody()->walk([&](linalg::IndexOp) { usesIndex = true; });
    if (usesIndex)
      for (unsigned d = 1; d < op.getNumLoops(); ++d)
        fixed.insert(d);
  }
  rowLoops = nest.rowLoops;
  if (rows)
    fixed.insert(rowLoops);
  for (unsigned d = extents.size(); d-- > 1;) {
    if (fixed.contains(d) || ShapedType::isDynamic(extents[d]))
      continue;
    auto joins = [&](const std::optional<Access> &a) { return !a || a->strides[d - 1] == passes::Stride(a->strides[d].elements * extents[d], a->strides[d].timesBatch); };
    bool all = llvm::all_of(accesses, [&](const Accesses &a) { return llvm::all_of(a.inputs, joins) && llvm::all_of(a.outputs, joins); });
    // Only single-loop extents can be constants: batch times constant stays two loops.
    if (!all || ShapedType::isDynamic(extents[d - 1]))
      continue;
    extents[d - 1] *= extents[d];
    extents.erase(extents.begin() + d);
    for (Accesses &a : accesses) {
      for (auto *list : {&a.inputs, &a.outputs})
        for (auto &access : *list)
          if (access)
            access->strides.erase(access->strides.begin() + (d - 1));
    }
    if (rows && d < rowLoops)
      --rowLoops;
    llvm::SmallDenseSet<unsigned> moved;
    for (unsigned f : fixed)
      moved.insert(f > d ? f - 1 : f);
    fixed = moved;
  }
  if (!rows)
    rowLoops = extents.empty() ? 0 : extents.size() - 1;
}

void NestEmitter::scalars(bool post) {
  for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses))
    if (entry.part == Part::Scalar && entry.post == post)
      evaluateScalar(entry, access);
}

void NestEmitter::prepare() {
  for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses))
    for (auto [i, result] : llvm::enumerate(entry.op->getResults())) {
      if (entry.part == Part::FullReduce) {
        Lanes all{entry.fromRow ? 0 : lanes, nullptr};
        totals[result] = kb.scratch(getElementTypeOrSelf(result.getType()), entry.fromRow ? 1 : lanes);
        kb.store(neutral(result, all), totals[result], kb.index(0), 1, all);
      }
      if (entry.part == Part::ColumnReduce && !passes::updatesMemory(entry.op))
        clearColumns(entry, i, *access.outputs[i]);
    }
  for (Value value : nest.kept) {
    int64_t size = llvm::alignTo(extents.back(), lanes);
    for (int64_t e : ArrayRef(extents).drop_front(rowLoops).drop_back())
      size *= e;
    keptRows[value] = kb.scratch(getElementTypeOrSelf(value.getType()), size);
  }
}

void NestEmitter::clearColumns(const NestOp &entry, unsigned result, const Access &output) {
  auto combiner = *passes::combinerOf(entry.op, result);
  Value memref = kb.buffers[entry.op->getResult(result)].memref;
  unsigned first = 0;
  while (first < extents.size() && output.strides[first] == 0)
    ++first;
  Value row = kb.index(0);
  std::function<void(unsigned)> clear = [&](unsigned d) {
    if (d + 1 == extents.size())
      return overVectors([&](Lanes width) {
        kb.store(kb.constant(combiner.neutral, {lanes, nullptr}), memref, kb.add(row, kb.address(output, ivs)), output.strides[d], width);
      });
    kb.loop(kb.index(0), kb.extent(extents[d]), 1, [&](Value iv) {
      ivs[d] = iv;
      clear(d + 1);
      ivs[d] = nullptr;
    });
  };
  auto indirection = passes::indirectionOf(entry.op);
  if (!indirection)
    return clear(first);
  // Which rows will be written is not known yet: all of them.
  kb.loop(kb.index(0), kb.index(indirection->rows), 1, [&](Value iv) {
    row = kb.mul(iv, kb.buffers[entry.op->getResult(result)].strides[0]);
    clear(first);
  });
}

void NestEmitter::finishFullReductions() {
  for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses))
    if (entry.part == Part::FullReduce)
      for (auto [i, result] : llvm::enumerate(entry.op->getResults())) {
        auto combiner = *passes::combinerOf(entry.op, i);
        Lanes all{entry.fromRow ? 0 : lanes, nullptr};
        Value value = kb.reduceLanes(kb.load(totals[result], kb.index(0), 1, all), combiner);
        rowValues[result] = value;
        storeScalar(result, value, access.outputs[i]);
      }
}

Work NestEmitter::work() const {
  Work sum;
  for (const auto &[entry, access] : llvm::zip_equal(nest.ops, accesses)) {
    linalg::GenericOp op = entry.op;
    // An instruction and a half a cycle, at some 3 GHz; the bandwidth of a second-level cache.
    double ps = 200.0 * static_cast<double>(bodyCost(op)) / lanes;
    for (auto *operands : {&access.inputs, &access.outputs})
      for (const auto &operand : *operands)
        ps += operand && !operand->strides.empty() && operand->strides.back() != 0 ? 60 : 0;
    sum += Work::ofLoops(op.getStaticLoopRanges(), ps);
  }
  return sum;
}

bool NestEmitter::columnar() const {
  bool sums = false;
  for (const NestOp &entry : nest.ops) {
    linalg::GenericOp op = entry.op;
    if (passes::indirectionOf(op))
      return false;
    if (entry.part == Part::ColumnReduce) {
      // The innermost of the outer loops is one that is summed over.
      if (op.getNumReductionLoops() + 1 != nest.extents.size())
        return false;
      sums = true;
    } else if (entry.part != Part::Full && entry.part != Part::Scalar) {
      return false;
    }
  }
  return sums;
}

bool NestEmitter::separable() const {
  bool rows = rowLoops != 0, apart = extents.size() > 0 && !ShapedType::isDynamic(extents.back());
  if (extents.empty() || (!rows && (extents.size() != 1 || !apart)))
    return false;
  bool sums = columnar() && apart;
  return llvm::all_of(nest.ops, [&](const NestOp &entry) {
    bool leaves = llvm::any_of(entry.op->getResults(), [&](Value result) { return stored.contains(result); });
    return entry.part == Part::Full || (rows && (entry.part == Part::Row || entry.part == Part::RowReduce)) || (entry.part == Part::ColumnReduce && sums) ||
           (entry.part == Part::Scalar && !leaves);
  });
}

void NestEmitter::emitShare(Work work) {
  bool byColumns = columnar();
  if (rowLoops && !byColumns) {
    prepare();
    ArrayRef<int64_t> grid = ArrayRef(extents).take_front(rowLoops);
    auto [from, to] = kb.share(kb.sizeOf(grid), work);
    return kb.overGrid(grid, from, to, [&](Value, ArrayRef<Value> position) {
      llvm::copy(position, ivs.begin());
      emitRow();
    });
  }
  int64_t unit = byColumns ? std::max<int64_t>(lanes, 16) : 64 * lanes;   // lines of a cache stay with one thread
  auto [from, to] = kb.share(kb.index(llvm::divideCeil(extents.back(), unit)), work);
  columns = {kb.mul(from, unit), kb.min(kb.mul(to, unit), kb.index(extents.back()))};
  prepare();
  emitRows(0);
}

void NestEmitter::emitRows(unsigned d) {
  if (d + 1 == rowLoops && columnar())
    return emitColumnarRows();
  if (d == rowLoops)
    return emitRow();
  kb.loop(kb.index(0), kb.extent(extents[d]), 1, [&](Value iv) {
    ivs[d] = iv;
    emitRows(d + 1);
    ivs[d] = nullptr;
  });
}

LogicalResult emitNest(KernelBuilder &builder, const passes::Nest &nest, ValueRange yielded) {
  return NestEmitter(builder, nest, yielded).run();
}

} // namespace cornu::codegen
