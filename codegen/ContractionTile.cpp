// The sums of one tile, in registers.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace cornu::codegen {

void ContractionEmitter::prefetchB(Value address, int64_t vectors) {
  constexpr int64_t farBytes = 1024, mostSteps = 16, wayBytes = 4096, ways = 4;
  int64_t elementBytes = element.getIntOrFloatBitWidth() / 8, k = extents[kLoops.back()], stride = bAccess.strides[kLoops.back()];
  bool large = !ShapedType::isDynamic(k) && k * extents[vectorLoop] * elementBytes > columnwiseBytes / 2;
  if (!large || bAccess.strides[vectorLoop] != 1 || stride * elementBytes < farBytes)
    return;
  // Rows a way of the first cache apart all go to one set, which has room for some.
  int64_t steps = std::min(mostSteps, ways * wayBytes / std::gcd(stride * elementBytes, wayBytes));
  for (int64_t j = 0; j < vectors; ++j)
    kb.prefetch(bBuffer.memref, kb.add(address, steps * stride + j * lanes));
}

std::optional<int64_t> ContractionEmitter::findNextRows(ArrayRef<unsigned> outer) {
  constexpr int64_t pageBytes = 4096;
  if (!rowLoop || kLoops.size() != 1 || root.alongSum || root.sumLoop || !edges.empty())
    return std::nullopt;
  int64_t elementBytes = element.getIntOrFloatBitWidth() / 8, k = extents[kLoops[0]], row = aAccess.strides[*rowLoop], read = 1;
  for (auto [loop, stride] : llvm::enumerate(aAccess.strides))
    read += (assumedExtent(loop) - 1) * std::abs(stride);
  bool dense = aAccess.strides[kLoops[0]] == 1 && row == k;
  if (!dense || 2 * row * elementBytes > pageBytes || read * elementBytes <= columnwiseBytes)
    return std::nullopt;
  return extents[*rowLoop] == tile.rows && !outer.empty() ? aAccess.strides[outer.back()].elements : tile.rows * row;
}

void ContractionEmitter::prefetchAhead() {
  Value turn = kb.sub(ivs[kLoops[0]], block->firstK);
  kb.prefetch(bBuffer.memref, kb.add(block->ahead, arith::MulIOp::create(kb.b, kb.loc, turn, block->aheadStep)), /*locality=*/2);
}

void ContractionEmitter::emitTile(int64_t rows, Value row, Value column, int64_t vectors, Lanes last) {
  if (rowLoop)
    ivs[*rowLoop] = row;
  ivs[vectorLoop] = column;
  prefetchWindow(rows, vectors);
  SmallVector<Value> accumulators = accumulate(rows, vectors, last);
  auto conclude = [&] {
    if (epilogueInMemory)
      epilogueThroughMemory(accumulators, rows, row, column, vectors, last);
    else
      epilogueInRegisters(accumulators, rows, row, column, vectors, last);
  };
  if (block && block->sums)
    kb.ifThenElse(block->isLast, conclude, [&] { storeSums(accumulators, vectors); });
  else
    conclude();
  if (rowLoop)
    ivs[*rowLoop] = nullptr;
  ivs[vectorLoop] = nullptr;
}

SmallVector<Value> ContractionEmitter::accumulate(int64_t rows, int64_t vectors, Lanes last) {
  Lanes all{lanes, nullptr};
  int64_t size = rows * vectors, sets = 1;
  while (sets * size < fewestChains && sets < 4)
    sets *= 2;
  Value zero = kb.constant(kb.b.getFloatAttr(element, 0), all);
  SmallVector<Value> accumulators = block && block->sums ? loadSums(rows, vectors) : SmallVector<Value>(size, zero);
  accumulators.resize(size * sets, zero);
  accumulators = overK(ArrayRef(kLoops).drop_front(block ? block->level : 0), accumulators, rows, vectors, last, sets);
  for (int64_t set = 1; set < sets; ++set)
    for (int64_t t = 0; t < size; ++t)
      accumulators[t] = arith::AddFOp::create(kb.b, kb.loc, accumulators[t], accumulators[set * size + t]);
  accumulators.resize(size);
  return accumulators;
}

SmallVector<Value> ContractionEmitter::overK(ArrayRef<unsigned> loops, SmallVector<Value> accumulators, int64_t rows, int64_t vectors, Lanes last, int64_t sets) {
  unsigned k = loops[0];
  if (root.sumLoop == k)
    return overSumLoop(accumulators, rows, vectors);
  bool innermost = loops.size() == 1;
  auto run = [&](Value from, Value to, int64_t unroll) {
    auto loop = scf::ForOp::create(kb.b, kb.loc, from, to, kb.index(unroll), accumulators);
    OpBuilder::InsertionGuard guard(kb.b);
    kb.b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> carried(loop.getRegionIterArgs());
    if (innermost) {
      for (int64_t set = 0; set < unroll; ++set) {
        ivs[k] = kb.add(loop.getInductionVar(), set);
        if (turnsBack(rows))
          ivs[k] = turned(ivs[k], extents[k]);
        step(MutableArrayRef(carried).slice(set * rows * vectors, rows * vectors), rows, vectors, last);
      }
    } else {
      ivs[k] = loop.getInductionVar();
      carried = overK(loops.drop_front(), carried, rows, vectors, last, sets);
    }
    ivs[k] = nullptr;
    scf::YieldOp::create(kb.b, kb.loc, carried);
    accumulators.assign(loop.result_begin(), loop.result_end());
  };
  bool cut = block && k == kLoops[block->level];
  auto [first, end] = withinEdges(k, {cut ? block->firstK : kb.index(0), cut ? block->lastK : extentOf(k)}, rows);
  if (const Edge *across = edgeAcross(k, rows)) {
    overOutsides(*across, k, {first, end}, rows, [&](KernelBuilder::Range turns) { run(turns.from, turns.to, 1); });
    return accumulators;
  }
  if (innermost && sets == 1 && rows > 1 && readsAhead()) {
    // One row of what the epilogue will read at a time, so that the sums' own operands need not wait.
    Value piece = kb.ceilDiv(kb.sub(end, first), kb.index(rows));
    auto pieces = scf::ForOp::create(kb.b, kb.loc, kb.index(0), kb.index(rows), kb.index(1), accumulators);
    {
      OpBuilder::InsertionGuard guard(kb.b);
      kb.b.setInsertionPointToStart(pieces.getBody());
      accumulators.assign(pieces.getRegionIterArgs().begin(), pieces.getRegionIterArgs().end());
      prefetchEpilogue(pieces.getInductionVar(), vectors);
      Value from = kb.add(first, arith::MulIOp::create(kb.b, kb.loc, pieces.getInductionVar(), piece));
      run(from, kb.min(kb.add(from, piece), end), 1);
      scf::YieldOp::create(kb.b, kb.loc, accumulators);
    }
    accumulators.assign(pieces.result_begin(), pieces.result_end());
    return accumulators;
  }
  if (!innermost || sets == 1) {
    run(first, end, 1);
    return accumulators;
  }
  Value rest = arith::RemUIOp::create(kb.b, kb.loc, arith::SubIOp::create(kb.b, kb.loc, end, first), kb.index(sets));
  Value split = arith::SubIOp::create(kb.b, kb.loc, end, rest);
  run(first, split, sets);
  if (cut || !edges.empty() || ShapedType::isDynamic(extents[k]) || extents[k] % sets)
    run(split, end, 1);
  return accumulators;
}

void ContractionEmitter::step(MutableArrayRef<Value> accumulators, int64_t rows, int64_t vectors, Lanes last) {
  Lanes all{lanes, nullptr};
  // Of a packed B, all vectors are whole.
  Value aBase = kb.address(aAccess, ivs);
  bool packed = block && block->packed && !block->packs;
  Value bBase = packed ? kb.mul(kb.sub(ivs[kLoops[0]], block->firstK), block->width) : kb.address(bAccess, ivs);
  int64_t aRow = rowLoop ? aAccess.strides[*rowLoop].elements : 0, bRow = rowLoop ? bAccess.strides[*rowLoop].elements : 0;
  int64_t aColumn = aAccess.strides[vectorLoop], bColumn = packed ? 1 : bAccess.strides[vectorLoop].elements;
  auto read = [&](Value memref, Value base, int64_t offset, int64_t stride, Lanes width) {
    return kb.splat(kb.load(memref, kb.add(base, offset), stride, stride ? width : Lanes{0, nullptr}), all);
  };
  if (!packed)
    prefetchB(bBase, vectors);
  else if (block->ahead)
    prefetchAhead();
  // In as many steps as the sum has, the next tile's rows are passed over once.
  constexpr int64_t nearBytes = 16 << 10;
  if (nextRows) {
    bool fits = rows * aRow * element.getIntOrFloatBitWidth() / 8 <= nearBytes;
    kb.prefetch(aBuffer.memref, kb.add(kb.add(aBase, *nextRows), kb.mul(ivs[kLoops[0]], rows - 1)), /*locality=*/fits ? 3 : 2);
  }
  SmallVector<Value> bs(vectors);
  for (int64_t i = outside.first; i < rows - outside.last; ++i) {
    Value a;
    for (int64_t j = 0; j < vectors; ++j) {
      Lanes width = j + 1 == vectors ? last : all;
      bool begins = i == outside.first;
      if (begins || bRow != 0)
        bs[j] = read(packed ? block->packed : bBuffer.memref, bBase, i * bRow + j * bColumn * lanes, bColumn, packed ? all : width);
      if (begins && block && block->packs)
        kb.store(bs[j], block->packed, kb.add(kb.mul(kb.sub(ivs[kLoops[0]], block->firstK), block->width), j * lanes), 1, all);
      if (j == 0 || aColumn != 0)
        a = read(aBuffer.memref, aBase, i * aRow + j * aColumn * lanes, aColumn, width);
      Value &acc = accumulators[i * vectors + j];
      acc = vector::FMAOp::create(kb.b, kb.loc, a, bs[j], acc);
    }
  }
}

} // namespace cornu::codegen
