// What runs on the sums of a tile before anything is stored.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

passes::Access ContractionEmitter::inRootLoops(const passes::Access &access) {
  passes::Access result;
  result.offset = access.offset;
  result.strides.assign(op.getNumLoops(), 0);
  for (auto [e, stride] : llvm::enumerate(access.strides))
    result.strides[resultLoops[e]].elements += stride;
  return result;
}

passes::Access ContractionEmitter::storedAccess(Value value) {
  auto result = cast<OpResult>(value);
  passes::Access access = kb.access(kb.buffers.lookup(value), cast<linalg::GenericOp>(result.getOwner()).getIndexingMapMatchingResult(result));
  return result.getOwner() == op ? access : inRootLoops(access);
}

bool ContractionEmitter::readsAhead() {
  // What is small is in the cache as it is.
  return rowLoop && !root.alongSum && !ShapedType::isDynamic(extents[*rowLoop]) &&
         extents[*rowLoop] * extents[vectorLoop] * element.getIntOrFloatBitWidth() / 8 > columnwiseBytes;
}

void ContractionEmitter::prefetchEpilogue(Value row, int64_t vectors) {
  llvm::SmallDenseSet<Value> seen;
  auto prefetch = [&](const Buffer &buffer, const passes::Access &access) {
    if (access.strides[vectorLoop] != 1 || access.strides[*rowLoop] == 0 || !seen.insert(buffer.memref).second)
      return;
    Value start = kb.add(kb.address(access, ivs), kb.mul(row, access.strides[*rowLoop]));
    for (int64_t j = 0; j < vectors; ++j)
      kb.prefetch(buffer.memref, kb.add(start, j * lanes));
  };
  for (linalg::GenericOp e : epilogue)
    for (auto [operand, map] : llvm::zip(e.getDpsInputs(), e.getIndexingMapsArray()))
      if (auto known = kb.buffers.find(operand); known != kb.buffers.end() && !operand.getDefiningOp())
        prefetch(known->second, inRootLoops(kb.access(known->second, map)));
  for (Value value : stored)
    prefetch(kb.buffers.lookup(value), storedAccess(value));
}

void ContractionEmitter::finish(Value accumulator, Value i, int64_t j, Lanes width) {
  DenseMap<Value, Value> values;
  values[op.getResult(0)] = accumulator;
  SmallVector<Value> at(ivs);
  if (rowLoop && i)
    at[*rowLoop] = kb.b.createOrFold<arith::AddIOp>(kb.loc, ivs[*rowLoop], i);
  at[vectorLoop] = kb.add(ivs[vectorLoop], j * lanes);
  auto indexOf = [&](unsigned loop) -> Value {
    unsigned rootLoop = resultLoops[loop];
    return rootLoop == vectorLoop ? kb.positions(at[rootLoop], width) : at[rootLoop];
  };
  for (linalg::GenericOp e : epilogue) {
    SmallVector<Value> args;
    for (auto [operand, map] : llvm::zip(e.getDpsInputs(), e.getIndexingMapsArray())) {
      auto known = values.find(operand);
      if (known != values.end()) {
        args.push_back(known->second);
        continue;
      }
      Buffer buffer = kb.buffers.lookup(operand);
      passes::Access access = inRootLoops(kb.access(buffer, map));
      args.push_back(kb.load(buffer.memref, kb.address(access, at), access.strides[vectorLoop], width));
    }
    args.resize(e.getBody()->getNumArguments());
    for (auto [result, value] : llvm::zip_equal(e.getResults(), kb.evaluate(e, args, indexOf, width)))
      values[result] = value;
  }
  for (Value value : stored) {
    passes::Access access = storedAccess(value);
    kb.store(values.lookup(value), kb.buffers.lookup(value).memref, kb.address(access, at), access.strides[vectorLoop], width);
  }
}

void ContractionEmitter::epilogueInRegisters(ArrayRef<Value> accumulators, int64_t rows, Value row, Value column, int64_t vectors, Lanes last) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < vectors; ++j)
      finish(accumulators[i * vectors + j], i ? kb.index(i) : Value(), j, j + 1 == vectors ? last : Lanes{lanes, nullptr});
}

void ContractionEmitter::epilogueThroughMemory(ArrayRef<Value> accumulators, int64_t rows, Value row, Value column, int64_t vectors, Lanes last) {
  Value &spill = spills[{rows, vectors}];
  if (!spill)
    spill = kb.scratch(element, rows * vectors * lanes);
  for (auto [t, accumulator] : llvm::enumerate(accumulators))
    kb.store(accumulator, spill, kb.index(t * lanes), 1, {lanes, nullptr});
  kb.loop(kb.index(0), kb.index(rows), 1, [&](Value i) {
    Value base = kb.mul(i, vectors * lanes);
    for (int64_t j = 0; j < vectors; ++j) {
      Value accumulator = kb.load(spill, kb.add(base, j * lanes), 1, {lanes, nullptr});
      finish(accumulator, rows > 1 ? i : Value(), j, j + 1 == vectors ? last : Lanes{lanes, nullptr});
    }
  });
}

} // namespace cornu::codegen
