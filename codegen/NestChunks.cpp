// One row of a nest: a vectorised loop for each phase.
#include "codegen/NestEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace cornu::codegen {

using passes::Access;
using passes::NestOp;
using passes::Part;

constexpr int64_t unrolledVectors = 4;   // rows of up to this many vectors are written without a loop

/// Sums of a row that are kept side by side, so that one need not wait for the last: as many as hide an addition, if the body is short.
static unsigned setsFor(int64_t bodyCost) { return bodyCost <= 16 ? 4 : bodyCost <= 40 ? 2 : 1; }

/// Vectors without sums that are computed side by side. Of a short body, as many are under way as it takes to hide the latency of its instructions, for a processor
/// looks ahead so far; of a longer one it sees no second. But where there is a result for each few instructions, it is memory that everything waits for.
static unsigned sideBySide(int64_t bodyCost, int64_t results) {
  constexpr int64_t seen = 40, perResult = 20;
  return bodyCost > seen && bodyCost >= perResult * results ? 4 : 1;
}

void NestEmitter::emitPhase(unsigned phase) {
  Lanes all{lanes, nullptr};
  SmallVector<Value> results, sums;
  int64_t cost = 0, written = 0;
  for (const NestOp &entry : nest.ops) {
    if (entry.phase != phase)
      continue;
    linalg::GenericOp op = entry.op;
    cost += bodyCost(op);
    written += llvm::count_if(op->getResults(), [&](Value result) { return stored.contains(result); });
    if (entry.part == Part::RowReduce || (entry.part == Part::FullReduce && !entry.fromRow))
      llvm::append_range(results, op->getResults());
  }
  unsigned sets = results.empty() ? sideBySide(cost, written) : setsFor(cost);
  for (unsigned set = 0; set < sets; ++set)
    for (Value result : results) {
      auto total = totals.find(result);
      sums.push_back(set || total == totals.end() ? neutral(result, all) : kb.load(total->second, kb.index(0), 1, all));
    }
  sums = emitLoops(phase, rowLoops, results, sums, sets);
  for (auto [i, value] : llvm::enumerate(results)) {
    auto result = cast<OpResult>(value);
    auto op = cast<linalg::GenericOp>(result.getOwner());
    auto combiner = *passes::combinerOf(op, result.getResultNumber());
    for (unsigned half = sets / 2; half; half /= 2)
      for (unsigned set = 0; set < half; ++set)
        sums[set * results.size() + i] = kb.combine(combiner, sums[set * results.size() + i], sums[(set + half) * results.size() + i]);
    if (auto total = totals.find(result); total != totals.end()) {
      kb.store(sums[i], total->second, kb.index(0), 1, all);
      continue;
    }
    rowValues[result] = kb.reduceLanes(sums[i], combiner);
    for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses))
      if (entry.op == op)
        storeScalar(result, rowValues[result], access.outputs[result.getResultNumber()]);
  }
}

Value NestEmitter::neutral(Value value, Lanes width) {
  auto result = cast<OpResult>(value);
  return kb.constant(passes::combinerOf(cast<linalg::GenericOp>(result.getOwner()), result.getResultNumber())->neutral, width);
}

SmallVector<Value> NestEmitter::emitLoops(unsigned phase, unsigned d, ArrayRef<Value> results, SmallVector<Value> sums, unsigned sets) {
  if (d + 1 < extents.size()) {
    sums = kb.loop(kb.index(0), kb.extent(extents[d]), 1, sums, [&](Value iv, SmallVector<Value> carried) {
      ivs[d] = iv;
      return emitLoops(phase, d + 1, results, carried, sets);
    });
    ivs[d] = nullptr;
    return sums;
  }
  return overVectors(sums, sets, [&](Lanes width, MutableArrayRef<Chunk> chunks, MutableArrayRef<Value> carried) {
    auto overSums = [&](llvm::function_ref<void(Value &ofChunk, Value &sum)> body) {
      for (auto [c, chunk] : llvm::enumerate(chunks))
        for (auto [r, result] : llvm::enumerate(results))
          body(chunk.sums[result], carried[c * results.size() + r]);
    };
    overSums([](Value &ofChunk, Value &sum) { ofChunk = sum; });
    emitChunks(phase, width, chunks);
    overSums([](Value &ofChunk, Value &sum) { sum = ofChunk; });
  });
}

SmallVector<Value> NestEmitter::overVectors(SmallVector<Value> sums, unsigned sets,
                                            llvm::function_ref<void(Lanes, MutableArrayRef<Chunk>, MutableArrayRef<Value>)> body) {
  int64_t n = extents.back(), wide = sets * lanes;
  size_t each = sums.size() / sets;
  Lanes all{lanes, nullptr};
  auto at = [&](Value position, unsigned count, Lanes width, SmallVector<Value> &carried) {
    SmallVector<Chunk> chunks(count);
    for (auto [c, chunk] : llvm::enumerate(chunks))
      chunk.position = kb.add(position, c * lanes);
    body(width, chunks, MutableArrayRef(carried).take_front(count * each));
  };
  auto loop = [&](Value from, Value to, unsigned turns) {
    sums = kb.loop(from, to, turns * lanes, sums, [&](Value position, SmallVector<Value> carried) {
      at(position, turns, all, carried);
      return carried;
    });
  };
  if (ShapedType::isDynamic(n) || columns) {
    Value from = columns ? columns->from : kb.index(0), to = columns ? columns->to : kb.batch, size = kb.sub(to, from);
    Value rest = kb.b.createOrFold<arith::RemUIOp>(kb.loc, size, kb.index(lanes)), full = kb.sub(to, rest);
    Value middle = sets > 1 ? kb.sub(to, kb.b.createOrFold<arith::RemUIOp>(kb.loc, size, kb.index(wide))) : full;
    loop(from, middle, sets);
    if (sets > 1)
      loop(middle, full, 1);
    Value some = arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ne, rest, kb.index(0));
    sums = kb.ifThen(some, sums, [&](SmallVector<Value> carried) {
      at(full, 1, kb.partial(lanes, rest), carried);
      return carried;
    });
    return sums;
  }
  int64_t vectors = n / lanes, looped = vectors <= unrolledVectors ? 0 : vectors / sets * sets;
  if (looped)
    loop(kb.index(0), kb.index(looped * lanes), sets);
  for (int64_t v = looped; v < vectors; v += sets)
    at(kb.index(v * lanes), std::min<int64_t>(sets, vectors - v), all, sums);
  if (vectors * lanes < n)
    at(kb.index(vectors * lanes), 1, kb.partial(lanes, n - vectors * lanes), sums);
  return sums;
}

void NestEmitter::overVectors(llvm::function_ref<void(Lanes)> body) {
  overVectors({}, 1, [&](Lanes width, MutableArrayRef<Chunk> chunks, MutableArrayRef<Value>) {
    ivs.back() = chunks[0].position;
    body(width);
    ivs.back() = nullptr;
  });
}

Value NestEmitter::keptAddress() {
  Value sum = ivs.back();
  int64_t stride = llvm::alignTo(extents.back(), lanes);
  for (unsigned d = extents.size() - 1; d-- > rowLoops;) {
    sum = kb.add(sum, kb.mul(ivs[d], stride));
    stride *= extents[d];
  }
  return sum;
}

bool NestEmitter::runsInChunks(const NestOp &entry) {
  return entry.part == Part::Full || entry.part == Part::RowReduce || entry.part == Part::ColumnReduce || (entry.part == Part::FullReduce && !entry.fromRow);
}

void NestEmitter::load(unsigned phase, Lanes width) {
  for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses)) {
    if (!runsInChunks(entry) || entry.phase != phase)
      continue;
    linalg::GenericOp op = entry.op;
    for (auto [i, operand] : llvm::enumerate(op.getDpsInputs())) {
      bool indirect = access.indirection && access.indirection->operand == i;
      if (!access.inputs[i] || indirect || hoisted.contains({op, i}) || find(operand, *access.inputs[i]))
        continue;
      chunk->loaded.push_back({operand, &*access.inputs[i], kb.load(kb.buffers[operand].memref, kb.address(*access.inputs[i], ivs), access.inputs[i]->strides.back(), width)});
    }
  }
}

void NestEmitter::prefetch(int64_t rows) {
  SmallVector<Value> next(ivs);
  if (rowLoops == 0)
    return;
  next[rowLoops - 1] = kb.add(ivs[rowLoops - 1], rows);
  llvm::SmallPtrSet<Value, 4> asked;
  for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses))
    for (auto [i, operand] : llvm::enumerate(entry.op->getOperands().take_front(access.inputs.size())))
      if (const auto &read = access.inputs[i]; runsInChunks(entry) && entry.phase == 0 && read && !access.indirection && read->strides[rowLoops - 1] != 0 &&
                                               read->strides.back() == 1 && asked.insert(operand).second)
        kb.prefetch(kb.buffers[operand].memref, kb.address(*read, next));
}

Value NestEmitter::find(Value operand, const Access &access) const {
  for (const Loaded &known : chunk->loaded)
    if (known.operand == operand && known.access->offset == access.offset && known.access->strides == access.strides)
      return known.value;
  return {};
}

Value NestEmitter::operandOf(const NestOp &entry, const Accesses &access, unsigned i, Lanes width) {
  linalg::GenericOp op = entry.op;
  Value operand = op.getDpsInputs()[i];
  if (auto it = hoisted.find({op, i}); it != hoisted.end())
    return it->second;
  if (access.inputs[i]) {
    bool indirect = access.indirection && access.indirection->operand == i;
    if (Value value = indirect || !width.count ? Value() : find(operand, *access.inputs[i]))
      return value;
    return kb.load(kb.buffers[operand].memref, addressOf(entry, access, i), access.inputs[i]->strides.back(), width);
  }
  if (auto it = chunk->values.find(operand); it != chunk->values.end())
    return it->second;
  if (auto it = keptRows.find(operand); it != keptRows.end())
    return kb.load(it->second, keptAddress(), 1, {lanes, nullptr});
  return scalarOf(operand);
}

void NestEmitter::emitChunks(unsigned phase, Lanes width, MutableArrayRef<Chunk> chunks) {
  Value outside = ivs.back();
  auto each = [&](llvm::function_ref<void()> body) {
    for (Chunk &one : chunks) {
      chunk = &one;
      ivs.back() = one.position;
      body();
    }
    chunk = nullptr;
    ivs.back() = outside;
  };
  each([&] {
    load(phase, width);
    if (phase == 1)
      prefetch(1);
  });
  for (const auto &[entry, access] : llvm::zip_equal(nest.ops, accesses))
    if (runsInChunks(entry) && entry.phase == phase)
      each([&, &entry = entry, &access = access] { evaluate(entry, access, width); });
  for (Chunk &one : chunks)
    for (auto &store : one.stores)
      store();
}

void NestEmitter::evaluate(const NestOp &entry, const Accesses &access, Lanes width) {
  Lanes all{lanes, nullptr};
  auto indexOf = [&](unsigned loop) -> Value { return loop + 1 == extents.size() ? kb.positions(ivs[loop], all) : ivs[loop]; };
  linalg::GenericOp op = entry.op;
  unsigned inputs = op.getNumDpsInputs();
  SmallVector<Value> args, old;
  for (unsigned i = 0; i < inputs; ++i)
    args.push_back(operandOf(entry, access, i, width));
  auto storeLater = [&](unsigned i, Value value) {
    Value memref = kb.buffers[op->getResult(i)].memref, address = addressOf(entry, access, inputs + i);
    passes::Stride stride = access.outputs[i]->strides.back();
    chunk->stores.push_back([=, this] { kb.store(value, memref, address, stride, width); });
  };
  if (entry.part == Part::Full) {
    args.resize(op.getBody()->getNumArguments());
  } else {
    for (auto [i, result] : llvm::enumerate(op->getResults())) {
      auto sum = chunk->sums.find(result);
      old.push_back(sum != chunk->sums.end() ? sum->second
                                             : kb.load(kb.buffers[result].memref, addressOf(entry, access, inputs + i), access.outputs[i]->strides.back(), width));
    }
    args.append(old);
  }
  for (auto [i, value] : llvm::enumerate(kb.evaluate(op, args, indexOf, all))) {
    Value result = op->getResult(i);
    if (entry.part == Part::Full) {
      chunk->values[result] = value;
      if (auto it = keptRows.find(result); it != keptRows.end())
        kb.store(value, it->second, keptAddress(), 1, all);
      if (access.outputs[i])
        storeLater(i, value);
    } else if (auto sum = chunk->sums.find(result); sum != chunk->sums.end()) {
      value = kb.splat(value, all);
      sum->second = width.mask ? arith::SelectOp::create(kb.b, kb.loc, width.mask, value, old[i]).getResult() : value;
    } else {
      storeLater(i, value);
    }
  }
}

} // namespace cornu::codegen
