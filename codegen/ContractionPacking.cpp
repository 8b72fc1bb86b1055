// Large matrices, in blocks: a block of K by one tile's columns of B is copied to where it lies densely, and stays in the first caches while
// the rows of A pass (Goto and van de Geijn's GEBP). Sums go on from one block of K to the next through memory.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

constexpr int64_t blockRows = 192;      // rows of A that pass before the next columns: with K = 1024, 768 KB
constexpr int64_t packedBytes = 2 << 20;   // a smaller B stays in the second-level cache where it is, and is read there as fast

bool ContractionEmitter::packs() {
  if (kLoops.size() != 1 || !edges.empty() || !rowLoop || bAccess.strides[*rowLoop] != 0 || bAccess.strides[vectorLoop] != 1)
    return false;
  int64_t m = extents[*rowLoop], bytes = extents[vectorLoop] * assumedExtent(kLoops[0]) * element.getIntOrFloatBitWidth() / 8;
  return (ShapedType::isDynamic(m) || m >= packedRows) && bytes >= packedBytes;
}

void ContractionEmitter::emitBlocks(Value firstRow, Value endRow) {
  unsigned k = kLoops[0];
  bool dynamicDepth = ShapedType::isDynamic(extents[k]);
  int64_t blocks = dynamicDepth ? 0 : llvm::divideCeil(extents[k], blockDepth);
  int64_t depth = dynamicDepth ? blockDepth : llvm::divideCeil(extents[k], blocks);
  int64_t most = llvm::alignTo(blockRows, tile.rows), width = tile.vectors * lanes;
  Value zero = kb.index(0), depthEnd = extentOf(k), rows = kb.b.createOrFold<arith::SubIOp>(kb.loc, endRow, firstRow);
  Value packed = kb.scratch(element, depth * width);
  Value sums = blocks == 1 ? Value() : kb.scratch(element, most * width);

  auto end = [&](Value from, Value step, Value limit) {
    return arith::MinUIOp::create(kb.b, kb.loc, kb.add(from, step), limit).getResult();
  };
  // Blocks of rows of nearly one size, each of whole tiles.
  auto quotient = [&](Value n, Value by) { return kb.b.createOrFold<arith::DivUIOp>(kb.loc, kb.add(kb.add(n, by), -1), by); };
  Value height = kb.mul(quotient(quotient(rows, quotient(rows, kb.index(most))), kb.index(tile.rows)), tile.rows);
  kb.loop(firstRow, endRow, height, [&](Value blockRow) {
    Value lastRow = end(blockRow, height, endRow);
    overColumnTiles(tile.vectors, [&](Value column, int64_t vectors, Lanes last) {
      kb.loop(zero, depthEnd, depth, [&](Value firstK) {
        Block part;
        part.firstK = firstK;
        part.lastK = end(firstK, kb.index(depth), depthEnd);
        part.packed = packed;
        part.width = vectors * lanes;
        if (sums) {
          part.isFirst = kb.equal(firstK, zero);
          part.isLast = kb.equal(part.lastK, depthEnd);
          part.sums = sums;
          part.sumsAccess.strides.assign(op.getNumLoops(), 0);
          part.sumsAccess.strides[*rowLoop] = part.width;
          part.sumsBase = kb.mul(blockRow, -part.width);
        }
        block = part;
        auto tiles = [&](Value from) {
          block->packs = false;
          overRowTiles(tile.rows, from, lastRow, [&](int64_t rows, Value row) { emitTile(rows, row, column, vectors, last); });
        };
        // The first tile of rows copies what it reads.
        Value second = kb.add(blockRow, tile.rows);
        Value whole = arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ule, second, lastRow);
        kb.ifThenElse(
            whole,
            [&] {
              block->packs = true;
              emitTile(tile.rows, blockRow, column, vectors, last);
              tiles(second);
            },
            [&] {
              pack(packed, firstK, part.lastK, column, vectors, last);
              tiles(blockRow);
            });
        block.reset();
      });
    });
  });
}

void ContractionEmitter::pack(Value packed, Value firstK, Value lastK, Value column, int64_t vectors, Lanes last) {
  Lanes all{lanes, nullptr};
  ivs[vectorLoop] = column;
  kb.loop(firstK, lastK, 1, [&](Value k) {
    ivs[kLoops[0]] = k;
    Value from = kb.address(bAccess, ivs);
    Value to = kb.mul(arith::SubIOp::create(kb.b, kb.loc, k, firstK), vectors * lanes);
    for (int64_t j = 0; j < vectors; ++j)
      kb.store(kb.load(bBuffer.memref, kb.add(from, j * lanes), 1, j + 1 == vectors ? last : all), packed, kb.add(to, j * lanes), 1, all);
  });
  ivs[kLoops[0]] = nullptr;
  ivs[vectorLoop] = nullptr;
}

} // namespace cornu::codegen
