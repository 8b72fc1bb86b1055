// Long sums, in parts of K: all tiles go through one part, which stays in the first caches, before the next one. In between sums wait in memory. So each
// operand of the gradient of a convolution's kernel, which are images, comes from far away once, not once a tile.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace cornu::codegen {

constexpr int64_t blockDepth = 400;   // of a part: with 48 columns, 75 KB of B

std::optional<size_t> ContractionEmitter::cutsDepth(ArrayRef<unsigned> outer) {
  SmallVector<unsigned> result(outer);
  result.push_back(vectorLoop);
  if (rowLoop)
    result.push_back(*rowLoop);
  int64_t sums = 1, depth = 1;
  for (unsigned loop : result) {
    if (ShapedType::isDynamic(extents[loop]))
      return std::nullopt;
    sums *= extents[loop];
  }
  for (unsigned loop : kLoops)
    depth *= assumedExtent(loop);
  // What the operands of all of K take, counting what windows share once.
  auto elements = [&](const passes::Access &access) {
    int64_t last = 0;
    for (auto [loop, stride] : llvm::enumerate(access.strides))
      last += (assumedExtent(loop) - 1) * std::abs(stride);
    return last + 1;
  };
  int64_t read = elements(aAccess) + elements(bAccess);
  if (depth < 2 * blockDepth || read < sums || read * element.getIntOrFloatBitWidth() / 8 < columnwiseBytes)
    return std::nullopt;
  // The outermost loop of which one turn is short enough.
  size_t level = 0;
  for (int64_t turn = depth; level < kLoops.size(); ++level)
    if ((turn /= assumedExtent(kLoops[level])) <= blockDepth)
      break;
  return level;
}

void ContractionEmitter::emitDepth(size_t level, ArrayRef<unsigned> outer, Value from, Value to) {
  int64_t width = llvm::alignTo(extents[vectorLoop], lanes), unit = tile.rows * width;
  int64_t together = std::max<int64_t>(waitingSums / unit, 1);   // units whose sums find room
  Block part;
  part.level = level;
  part.sums = kb.scratch(element, together * unit);
  part.sumsAccess.strides.assign(op.getNumLoops(), 0);
  part.sumsAccess.strides[vectorLoop] = 1;
  int64_t stride = unit;
  if (rowLoop) {
    part.sumsAccess.strides[*rowLoop] = width;
    stride *= llvm::divideCeil(extents[*rowLoop], tile.rows);
  }
  for (unsigned loop : llvm::reverse(outer)) {
    part.sumsAccess.strides[loop] = stride;
    stride *= extents[loop];
  }

  unsigned cut = kLoops[level];
  int64_t turn = 1;
  for (unsigned k : ArrayRef(kLoops).drop_front(level + 1))
    turn *= assumedExtent(k);
  // Of channels apart, each step reads as much of one operand as of the other: what all tiles go through is to stay in the first cache.
  constexpr int64_t firstCacheBytes = 32 << 10;
  int64_t depth = aAccess.strides[vectorLoop] == 0 ? blockDepth : firstCacheBytes / (2 * width * element.getIntOrFloatBitWidth() / 8);
  int64_t turns = std::max<int64_t>(depth / turn, 1);
  // Parts of nearly one length.
  if (!ShapedType::isDynamic(extents[cut]))
    turns = llvm::divideCeil(extents[cut], llvm::divideCeil(extents[cut], turns));

  Value zero = kb.index(0), depthEnd = extentOf(cut);
  auto both = [&](Value x, Value y) { return x ? arith::AndIOp::create(kb.b, kb.loc, x, y).getResult() : y; };
  kb.loop(from, to, together, [&](Value first) {
    Value last = kb.min(kb.add(first, together), to);
    part.sumsBase = kb.mul(first, -unit);
    emitOuter(ArrayRef(kLoops).take_front(level), [&] {
      Value begins, ends;   // whether each loop of K around is in its first turn, its last
      for (unsigned k : ArrayRef(kLoops).take_front(level)) {
        begins = both(begins, kb.equal(ivs[k], zero));
        ends = both(ends, kb.equal(kb.add(ivs[k], 1), extentOf(k)));
      }
      kb.loop(zero, depthEnd, turns, [&](Value firstK) {
        part.firstK = firstK;
        part.lastK = kb.min(kb.add(firstK, turns), depthEnd);
        part.isFirst = both(begins, kb.equal(firstK, zero));
        part.isLast = both(ends, kb.equal(part.lastK, depthEnd));
        block = part;
        overUnits(outer, first, last, [&](Value firstRow, Value lastRow) {
          auto columns = [&](int64_t rows, Value row) {
            overColumnTiles(tile.vectors, [&](Value column, int64_t vectors, Lanes width) { emitTile(rows, row, column, vectors, width); });
          };
          rowLoop ? overRowTiles(tile.rows, firstRow, lastRow, columns) : columns(1, zero);
        });
        block.reset();
      });
    });
  });
}

SmallVector<Value> ContractionEmitter::loadSums(int64_t rows, int64_t vectors) {
  Lanes all{lanes, nullptr};
  auto type = VectorType::get({lanes}, element);
  auto branch = scf::IfOp::create(kb.b, kb.loc, SmallVector<Type>(rows * vectors, type), block->isFirst, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(kb.b);
  kb.b.setInsertionPointToStart(branch.thenBlock());
  Value zero = kb.constant(kb.b.getFloatAttr(element, 0), all);
  scf::YieldOp::create(kb.b, kb.loc, SmallVector<Value>(rows * vectors, zero));
  kb.b.setInsertionPointToStart(branch.elseBlock());
  Value from = kb.add(kb.address(block->sumsAccess, ivs), block->sumsBase);
  int64_t rowStride = rowLoop ? block->sumsAccess.strides[*rowLoop].elements : 0;
  SmallVector<Value> sums;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < vectors; ++j)
      sums.push_back(kb.load(block->sums, kb.add(from, i * rowStride + j * lanes), 1, all));
  scf::YieldOp::create(kb.b, kb.loc, sums);
  return llvm::to_vector(ValueRange(branch.getResults()));
}

void ContractionEmitter::storeSums(ArrayRef<Value> accumulators, int64_t vectors) {
  Value to = kb.add(kb.address(block->sumsAccess, ivs), block->sumsBase);
  int64_t rowStride = rowLoop ? block->sumsAccess.strides[*rowLoop].elements : 0;
  for (auto [t, accumulator] : llvm::enumerate(accumulators)) {
    int64_t i = t / vectors, j = t % vectors;
    kb.store(accumulator, block->sums, kb.add(to, i * rowStride + j * lanes), 1, {lanes, nullptr});
  }
}

} // namespace cornu::codegen
