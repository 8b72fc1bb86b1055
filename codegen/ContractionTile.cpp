// The sums of one tile, in registers.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace cornu::codegen {

void ContractionEmitter::emitTile(int64_t rows, Value row, Value column, int64_t vectors, Lanes last) {
  if (rowLoop)
    ivs[*rowLoop] = row;
  ivs[vectorLoop] = column;
  prefetchEpilogue(rows, vectors);
  SmallVector<Value> accumulators = accumulate(rows, row, vectors, last);
  auto conclude = [&] {
    if (epilogueInMemory)
      epilogueThroughMemory(accumulators, rows, row, column, vectors, last);
    else
      epilogueInRegisters(accumulators, rows, row, column, vectors, last);
  };
  if (block && block->sums) {
    auto compare = [&](arith::CmpIPredicate predicate) { return arith::CmpIOp::create(kb.b, kb.loc, predicate, block->lastK, block->depth); };
    kb.ifThen(compare(arith::CmpIPredicate::ne), [&] { storeSums(accumulators, row); });
    kb.ifThen(compare(arith::CmpIPredicate::eq), conclude);
  } else {
    conclude();
  }
  if (rowLoop)
    ivs[*rowLoop] = nullptr;
  ivs[vectorLoop] = nullptr;
}

SmallVector<Value> ContractionEmitter::accumulate(int64_t rows, Value row, int64_t vectors, Lanes last) {
  Lanes all{lanes, nullptr};
  // Enough independent chains to cover the latency of a multiply-add.
  int64_t tile = rows * vectors, sets = 1;
  while (sets * tile < 8 && sets < 4)
    sets *= 2;
  Value zero = kb.constant(kb.b.getFloatAttr(element, 0), all);
  SmallVector<Value> accumulators = block && block->sums ? loadSums(rows, row, vectors) : SmallVector<Value>(tile, zero);
  accumulators.resize(tile * sets, zero);
  accumulators = overK(kLoops, accumulators, rows, vectors, last, sets);
  for (int64_t set = 1; set < sets; ++set)
    for (int64_t t = 0; t < tile; ++t)
      accumulators[t] = arith::AddFOp::create(kb.b, kb.loc, accumulators[t], accumulators[set * tile + t]);
  accumulators.resize(tile);
  return accumulators;
}

SmallVector<Value> ContractionEmitter::overK(ArrayRef<unsigned> loops, SmallVector<Value> accumulators, int64_t rows, int64_t vectors, Lanes last, int64_t sets) {
  unsigned k = loops[0];
  bool innermost = loops.size() == 1;
  auto run = [&](Value from, Value to, int64_t unroll) {
    auto loop = scf::ForOp::create(kb.b, kb.loc, from, to, kb.index(unroll), accumulators);
    OpBuilder::InsertionGuard guard(kb.b);
    kb.b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> carried(loop.getRegionIterArgs());
    if (innermost) {
      for (int64_t set = 0; set < unroll; ++set) {
        ivs[k] = kb.add(loop.getInductionVar(), set);
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
  Value first = block ? block->firstK : kb.index(0), end = block ? block->lastK : kb.extent(extents[k]);
  if (!innermost || sets == 1) {
    run(first, end, 1);
    return accumulators;
  }
  Value rest = arith::RemUIOp::create(kb.b, kb.loc, arith::SubIOp::create(kb.b, kb.loc, end, first), kb.index(sets));
  Value split = arith::SubIOp::create(kb.b, kb.loc, end, rest);
  run(first, split, sets);
  if (block || ShapedType::isDynamic(extents[k]) || extents[k] % sets)
    run(split, end, 1);
  return accumulators;
}

void ContractionEmitter::step(MutableArrayRef<Value> accumulators, int64_t rows, int64_t vectors, Lanes last) {
  Lanes all{lanes, nullptr};
  // Of a packed B, all vectors are whole.
  Value aBase = kb.address(aAccess, ivs);
  Value bBase = block ? kb.mul(arith::SubIOp::create(kb.b, kb.loc, ivs[kLoops[0]], block->firstK), block->width) : kb.address(bAccess, ivs);
  int64_t aRow = rowLoop ? aAccess.strides[*rowLoop] : 0, bRow = rowLoop ? bAccess.strides[*rowLoop] : 0;
  int64_t aColumn = aAccess.strides[vectorLoop], bColumn = block ? 1 : bAccess.strides[vectorLoop];
  auto read = [&](Value memref, Value base, int64_t offset, int64_t stride, Lanes width) {
    return kb.splat(kb.load(memref, kb.add(base, offset), stride, stride ? width : Lanes{0, nullptr}), all);
  };
  SmallVector<Value> bs(vectors);
  for (int64_t i = 0; i < rows; ++i) {
    Value a;
    for (int64_t j = 0; j < vectors; ++j) {
      Lanes width = j + 1 == vectors ? last : all;
      if (i == 0 || bRow != 0)
        bs[j] = read(block ? block->packed : bBuffer.memref, bBase, i * bRow + j * bColumn * lanes, bColumn, block ? all : width);
      if (j == 0 || aColumn != 0)
        a = read(aBuffer.memref, aBase, i * aRow + j * aColumn * lanes, aColumn, width);
      Value &acc = accumulators[i * vectors + j];
      acc = vector::FMAOp::create(kb.b, kb.loc, a, bs[j], acc);
    }
  }
}

} // namespace cornu::codegen
