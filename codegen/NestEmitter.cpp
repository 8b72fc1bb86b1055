// Nests of element-wise ops and reductions: outer loops over rows, within a row one vectorised loop a phase, phases
// separated by the row reductions that later ops read. Values pass between ops as vectors, between phases through a row buffer.
#include "codegen/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

using passes::Access;
using passes::NestOp;
using passes::Part;

constexpr int64_t unrolledVectors = 4;   // rows of up to this many vectors are written without a loop

class NestEmitter {
public:
  NestEmitter(KernelBuilder &kb, const passes::Nest &nest, ValueRange yielded) : kb(kb), nest(nest), extents(nest.extents) {
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

  LogicalResult run() {
    scalars(/*post=*/false);
    if (Work work = this->work(); separable() && kb.divides(work)) {
      prepare();
      emitShare(work);
    } else if (!extents.empty()) {
      prepare();
      emitRows(0);
      finishFullReductions();
    }
    scalars(/*post=*/true);
    return success();
  }

private:
  struct Accesses {
    SmallVector<std::optional<Access>> inputs, outputs;   // in terms of the group's loops; nullopt: a value of the group, or not stored
    std::optional<passes::Indirection> indirection;
  };

  KernelBuilder &kb;
  const passes::Nest &nest;
  SmallVector<int64_t> extents;
  unsigned rowLoops = 0, lanes = 0;
  SmallVector<Accesses> accesses;
  llvm::SmallPtrSet<Value, 8> stored;
  SmallVector<Value> ivs;
  std::optional<KernelBuilder::Range> columns;                  // of a nest that is one long row: this call's share
  DenseMap<Value, Value> rowValues;                             // scalars: of this row, or of the whole kernel
  DenseMap<Value, Value> chunk;                                 // vectors of this chunk
  DenseMap<Value, Value> accumulators;                          // result of a reduction → its vector in scratch
  DenseMap<Value, Value> keptRows;                              // Full value → its row in scratch
  DenseMap<std::pair<Operation *, unsigned>, Value> hoisted;    // loads that do not vary within a row

  bool producedHere(Value value) const {
    return llvm::any_of(nest.ops, [&](const NestOp &entry) { return entry.op == value.getDefiningOp(); });
  }

  Access widen(Access access) const {
    access.strides.resize(nest.extents.size(), 0);
    return access;
  }

  /// Joins neighbouring loops that every access walks as one, so that short inner dimensions do not shorten the vectors.
  void mergeLoops() {
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

  /// Where operand `number` of the op (results count last) lies in this point of the loops.
  Value addressOf(const NestOp &entry, const Accesses &access, unsigned number) {
    linalg::GenericOp op = entry.op;
    unsigned inputs = op.getNumDpsInputs();
    const Access &own = number < inputs ? *access.inputs[number] : *access.outputs[number - inputs];
    Value address = kb.address(own, ivs);
    if (!access.indirection || access.indirection->operand != number)
      return address;
    Value operand = number < inputs ? op.getDpsInputs()[number] : op.getResult(number - inputs);
    return kb.add(address, kb.mul(rowOf(entry, access), kb.buffers[operand].strides[0]));
  }

  /// The row of a table that the op's index, the same for all lanes, stands for.
  Value rowOf(const NestOp &entry, const Accesses &access) {
    const passes::Indirection &indirection = *access.indirection;
    Value given = operandOf(entry, access, indirection.index, {0, nullptr});
    Value index = arith::IndexCastOp::create(kb.b, kb.loc, kb.b.getIndexType(), given), zero = kb.index(0);
    Value negative = arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::slt, index, zero);
    index = arith::SelectOp::create(kb.b, kb.loc, negative, kb.add(index, indirection.rows), index);
    index = arith::MinSIOp::create(kb.b, kb.loc, index, kb.index(indirection.rows - 1));
    return arith::MaxSIOp::create(kb.b, kb.loc, index, zero);
  }

  //===-- Outside of the loops ------------------------------------------===//

  void scalars(bool post) {
    for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses))
      if (entry.part == Part::Scalar && entry.post == post)
        evaluateScalar(entry, access);
  }

  /// A Row or Scalar op.
  void evaluateScalar(const NestOp &entry, const Accesses &access) {
    linalg::GenericOp op = entry.op;
    SmallVector<Value> args;
    for (auto [i, operand] : llvm::enumerate(op.getDpsInputs()))
      args.push_back(access.inputs[i] ? kb.load(kb.buffers[operand].memref, kb.address(*access.inputs[i], ivs), 0, {0, nullptr})
                                      : scalarOf(operand));
    args.resize(op.getBody()->getNumArguments());
    auto results = kb.evaluate(op, args, [&](unsigned loop) { return ivs[loop]; }, {0, nullptr});
    for (auto [i, result] : llvm::enumerate(op->getResults())) {
      rowValues[result] = results[i];
      storeScalar(result, results[i], access.outputs[i]);
    }
  }

  void storeScalar(Value result, Value value, const std::optional<Access> &output) {
    if (output)
      kb.store(value, kb.buffers[result].memref, kb.address(*output, ivs), 0, {0, nullptr});
  }

  /// A value computed as a scalar in this kernel, or a constant tensor of one element.
  Value scalarOf(Value operand) {
    auto it = rowValues.find(operand);
    assert(it != rowValues.end() && "operand of a kernel has neither a buffer nor a value");
    return it->second;
  }

  void prepare() {
    for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses))
      for (auto [i, result] : llvm::enumerate(entry.op->getResults())) {
        if (entry.part == Part::RowReduce || entry.part == Part::FullReduce) {
          bool scalar = entry.fromRow;
          accumulators[result] = kb.scratch(getElementTypeOrSelf(result.getType()), scalar ? 1 : lanes);
          if (entry.part == Part::FullReduce)
            resetAccumulator(entry, i, scalar);
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

  void resetAccumulator(const NestOp &entry, unsigned result, bool scalar) {
    Lanes all{scalar ? 0 : lanes, nullptr};
    auto combiner = *passes::combinerOf(entry.op, result);
    kb.store(kb.constant(combiner.neutral, all), accumulators[entry.op->getResult(result)], kb.index(0), 1, all);
  }

  void clearColumns(const NestOp &entry, unsigned result, const Access &output) {
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

  void finishFullReductions() {
    for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses))
      if (entry.part == Part::FullReduce)
        for (auto [i, result] : llvm::enumerate(entry.op->getResults())) {
          auto combiner = *passes::combinerOf(entry.op, i);
          Lanes all{entry.fromRow ? 0 : lanes, nullptr};
          Value value = kb.reduceLanes(kb.load(accumulators[result], kb.index(0), 1, all), combiner);
          rowValues[result] = value;
          storeScalar(result, value, access.outputs[i]);
        }
  }

  //===-- Parts -----------------------------------------------------------===//

  Work work() const {
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

  /// True if rows, or the elements of a single one, can be computed apart.
  bool separable() const {
    if (extents.empty() || (rowLoops == 0 && (extents.size() != 1 || ShapedType::isDynamic(extents[0]))))
      return false;
    return llvm::all_of(nest.ops, [&](const NestOp &entry) {
      bool leaves = llvm::any_of(entry.op->getResults(), [&](Value result) { return stored.contains(result); });
      return entry.part == Part::Full || (rowLoops && (entry.part == Part::Row || entry.part == Part::RowReduce)) || (entry.part == Part::Scalar && !leaves);
    });
  }

  void emitShare(Work work) {
    if (rowLoops) {
      ArrayRef<int64_t> grid = ArrayRef(extents).take_front(rowLoops);
      auto [from, to] = kb.share(kb.sizeOf(grid), work);
      return kb.overGrid(grid, from, to, [&](Value, ArrayRef<Value> position) {
        llvm::copy(position, ivs.begin());
        emitRow();
      });
    }
    int64_t unit = 64 * lanes;   // lines of a cache stay with one thread
    auto [from, to] = kb.share(kb.index(llvm::divideCeil(extents[0], unit)), work);
    columns = {kb.mul(from, unit), kb.min(kb.mul(to, unit), kb.index(extents[0]))};
    emitRow();
  }

  //===-- Rows ------------------------------------------------------------===//

  void emitRows(unsigned d) {
    if (d == rowLoops)
      return emitRow();
    kb.loop(kb.index(0), kb.extent(extents[d]), 1, [&](Value iv) {
      ivs[d] = iv;
      emitRows(d + 1);
      ivs[d] = nullptr;
    });
  }

  void emitRow() {
    for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses)) {
      bool inner = entry.part == Part::Full || entry.part == Part::RowReduce || entry.part == Part::ColumnReduce ||
                   (entry.part == Part::FullReduce && !entry.fromRow);
      if (!inner)
        continue;
      linalg::GenericOp op = entry.op;
      auto variesInRow = [&](unsigned i) {
        bool indirect = access.indirection && access.indirection->operand == i;
        return indirect || llvm::any_of(ArrayRef(access.inputs[i]->strides).drop_front(rowLoops), [](passes::Stride s) { return s != 0; });
      };
      for (auto [i, operand] : llvm::enumerate(op.getDpsInputs()))
        if (access.inputs[i] && !variesInRow(i))
          hoisted[{op, i}] = kb.load(kb.buffers[operand].memref, kb.address(*access.inputs[i], ivs), 0, {0, nullptr});
      if (entry.part == Part::RowReduce)
        for (unsigned r = 0; r < op->getNumResults(); ++r)
          resetAccumulator(entry, r, false);
    }
    for (unsigned phase = 0; phase < nest.phases; ++phase) {
      for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses)) {
        if (entry.phase != phase)
          continue;
        if (entry.part == Part::Row)
          evaluateScalar(entry, access);
        else if (entry.part == Part::FullReduce && entry.fromRow)
          accumulateRow(entry, access);
      }
      auto inPhase = [&](const NestOp &e) {
        return e.phase == phase && e.part != Part::Row && e.part != Part::Scalar && !(e.part == Part::FullReduce && e.fromRow);
      };
      if (llvm::any_of(nest.ops, inPhase))
        emitPhase(phase, rowLoops);
      for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses))
        if (entry.part == Part::RowReduce && entry.phase == phase)
          for (auto [i, result] : llvm::enumerate(entry.op->getResults())) {
            auto combiner = *passes::combinerOf(entry.op, i);
            rowValues[result] = kb.reduceLanes(kb.load(accumulators[result], kb.index(0), 1, {lanes, nullptr}), combiner);
            storeScalar(result, rowValues[result], access.outputs[i]);
          }
    }
  }

  void accumulateRow(const NestOp &entry, const Accesses &access) {
    linalg::GenericOp op = entry.op;
    SmallVector<Value> args;
    for (auto [i, operand] : llvm::enumerate(op.getDpsInputs()))
      args.push_back(access.inputs[i] ? kb.load(kb.buffers[operand].memref, kb.address(*access.inputs[i], ivs), 0, {0, nullptr})
                                      : scalarOf(operand));
    for (Value result : op->getResults())
      args.push_back(kb.load(accumulators[result], kb.index(0), 0, {0, nullptr}));
    auto results = kb.evaluate(op, args, [&](unsigned loop) { return ivs[loop]; }, {0, nullptr});
    for (auto [result, value] : llvm::zip_equal(op->getResults(), results))
      kb.store(value, accumulators[result], kb.index(0), 0, {0, nullptr});
  }

  //===-- Inside of a row --------------------------------------------------===//

  void emitPhase(unsigned phase, unsigned d) {
    if (d + 1 < extents.size()) {
      kb.loop(kb.index(0), kb.extent(extents[d]), 1, [&](Value iv) {
        ivs[d] = iv;
        emitPhase(phase, d + 1);
        ivs[d] = nullptr;
      });
      return;
    }
    overVectors([&](Lanes width) { emitChunk(phase, width); });
  }

  /// Runs `body` for each vector of the innermost loop, ivs.back() being the position of its first lane.
  void overVectors(llvm::function_ref<void(Lanes)> body) {
    int64_t n = extents.back();
    Value &iv = ivs.back();
    Lanes all{lanes, nullptr};
    if (ShapedType::isDynamic(n)) {
      Value rest = arith::RemUIOp::create(kb.b, kb.loc, kb.batch, kb.index(lanes));
      Value full = arith::SubIOp::create(kb.b, kb.loc, kb.batch, rest);
      kb.loop(kb.index(0), full, lanes, [&](Value position) {
        iv = position;
        body(all);
      });
      Value some = arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ne, rest, kb.index(0));
      kb.ifThen(some, [&] {
        iv = full;
        body(kb.partial(lanes, rest));
      });
      iv = nullptr;
      return;
    }
    int64_t full = n / lanes * lanes;
    if (columns) {
      kb.overBlocks(*columns, n, lanes, [&](Value position, int64_t real) {
        iv = position;
        body(real == lanes ? all : kb.partial(lanes, real));
      });
      iv = nullptr;
      return;
    }
    if (full <= unrolledVectors * lanes)
      for (int64_t position = 0; position < full; position += lanes) {
        iv = kb.index(position);
        body(all);
      }
    else
      kb.loop(kb.index(0), kb.index(full), lanes, [&](Value position) {
        iv = position;
        body(all);
      });
    if (full < n) {
      iv = kb.index(full);
      body(kb.partial(lanes, n - full));
    }
    iv = nullptr;
  }

  /// Position in a kept row.
  Value keptAddress() {
    Value sum = ivs.back();
    int64_t stride = llvm::alignTo(extents.back(), lanes);
    for (unsigned d = extents.size() - 1; d-- > rowLoops;) {
      sum = kb.add(sum, kb.mul(ivs[d], stride));
      stride *= extents[d];
    }
    return sum;
  }

  Value operandOf(const NestOp &entry, const Accesses &access, unsigned i, Lanes width) {
    linalg::GenericOp op = entry.op;
    Value operand = op.getDpsInputs()[i];
    if (auto it = hoisted.find({op, i}); it != hoisted.end())
      return it->second;
    if (access.inputs[i])
      return kb.load(kb.buffers[operand].memref, addressOf(entry, access, i), access.inputs[i]->strides.back(), width);
    if (auto it = chunk.find(operand); it != chunk.end())
      return it->second;
    if (auto it = keptRows.find(operand); it != keptRows.end())
      return kb.load(it->second, keptAddress(), 1, {lanes, nullptr});
    return scalarOf(operand);
  }

  void emitChunk(unsigned phase, Lanes width) {
    chunk.clear();
    auto indexOf = [&](unsigned loop) -> Value {
      return loop + 1 == extents.size() ? kb.positions(ivs[loop], {lanes, nullptr}) : ivs[loop];
    };
    for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses)) {
      if (entry.phase != phase || entry.part == Part::Row || entry.part == Part::Scalar || (entry.part == Part::FullReduce && entry.fromRow))
        continue;
      linalg::GenericOp op = entry.op;
      SmallVector<Value> args;
      for (unsigned i = 0; i < op.getNumDpsInputs(); ++i)
        args.push_back(operandOf(entry, access, i, width));
      switch (entry.part) {
      case Part::Full: {
        args.resize(op.getBody()->getNumArguments());
        auto results = kb.evaluate(op, args, indexOf, {lanes, nullptr});
        for (auto [i, result] : llvm::enumerate(op->getResults())) {
          chunk[result] = results[i];
          if (auto it = keptRows.find(result); it != keptRows.end())
            kb.store(results[i], it->second, keptAddress(), 1, {lanes, nullptr});
          if (access.outputs[i])
            kb.store(results[i], kb.buffers[result].memref, addressOf(entry, access, op.getNumDpsInputs() + i), access.outputs[i]->strides.back(), width);
        }
        break;
      }
      case Part::RowReduce:
      case Part::FullReduce: {
        SmallVector<Value> old;
        for (Value result : op->getResults())
          old.push_back(kb.load(accumulators[result], kb.index(0), 1, {lanes, nullptr}));
        args.append(old);
        auto results = kb.evaluate(op, args, indexOf, {lanes, nullptr});
        for (auto [i, result] : llvm::enumerate(op->getResults())) {
          Value value = kb.splat(results[i], {lanes, nullptr});
          if (width.mask)
            value = arith::SelectOp::create(kb.b, kb.loc, width.mask, value, old[i]);
          kb.store(value, accumulators[result], kb.index(0), 1, {lanes, nullptr});
        }
        break;
      }
      case Part::ColumnReduce: {
        for (auto [i, result] : llvm::enumerate(op->getResults()))
          args.push_back(kb.load(kb.buffers[result].memref, addressOf(entry, access, op.getNumDpsInputs() + i), access.outputs[i]->strides.back(), width));
        auto results = kb.evaluate(op, args, indexOf, {lanes, nullptr});
        for (auto [i, result] : llvm::enumerate(op->getResults()))
          kb.store(results[i], kb.buffers[result].memref, addressOf(entry, access, op.getNumDpsInputs() + i), access.outputs[i]->strides.back(), width);
        break;
      }
      default:
        llvm_unreachable("row and scalar ops run outside of chunks");
      }
    }
  }
};

} // namespace

LogicalResult emitNest(KernelBuilder &builder, const passes::Nest &nest, ValueRange yielded) {
  return NestEmitter(builder, nest, yielded).run();
}

} // namespace cornu::codegen
