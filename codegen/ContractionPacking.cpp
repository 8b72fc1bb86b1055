// Large matrices, in blocks: a block of K by one tile's columns of B is copied to where it lies densely, and stays in the first caches while
// the rows of A pass (Goto and van de Geijn's GEBP). Sums go on from one block of K to the next through memory.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

constexpr int64_t packedBytes = 2 << 20;   // a smaller B stays in the second-level cache where it is, and is read there as fast
constexpr int64_t packedDepth = 512;       // parts of K for many rows: with 48 columns, 96 KB
constexpr int64_t shallowDepth = 64;       // and for fewer
constexpr int64_t pagedDepth = 128;        // where each step of K is in pages of its own, which the processor has to know all at once
constexpr int64_t manyRows = 256;          // so many pay for reading A again with each tile's columns
constexpr int64_t packedRows = 64;         // and so many for packing at all
constexpr int64_t fewestWaiting = 32;      // rows whose sums must find room

bool ContractionEmitter::isLarge() {
  return extents[vectorLoop] * assumedExtent(kLoops[0]) * element.getIntOrFloatBitWidth() / 8 >= packedBytes;
}

bool ContractionEmitter::packs() {
  if (kLoops.size() != 1 || !edges.empty() || !rowLoop || bAccess.strides[*rowLoop] != 0 || bAccess.strides[vectorLoop] != 1)
    return false;
  int64_t m = extents[*rowLoop];
  return (isLarge() && (ShapedType::isDynamic(m) || m >= 2 * tile.rows)) || (stridesFar() && m >= manyRows);
}

bool ContractionEmitter::stridesFar() {
  constexpr int64_t farBytes = 1024;
  return std::min(aAccess.strides[kLoops[0]], bAccess.strides[kLoops[0]]) * element.getIntOrFloatBitWidth() / 8 >= farBytes;
}

void ContractionEmitter::emitBlocks(Value from, Value to, llvm::function_ref<void()> otherwise) {
  bool haveRoom = waitingSums / extents[vectorLoop] >= fewestWaiting;
  auto many = [&] { emitBlocks(from, to, /*depthFirst=*/false); };
  auto fewer = [&] { haveRoom ? emitBlocks(from, to, /*depthFirst=*/true) : otherwise(); };
  int64_t m = extents[*rowLoop], enough = haveRoom ? manyRows : packedRows;
  if (!ShapedType::isDynamic(m))
    return m >= enough ? many() : fewer();
  kb.ifThenElse(arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::uge, kb.extent(m), kb.index(enough)), many, fewer);
}

void ContractionEmitter::emitBlocks(Value firstRow, Value endRow, bool depthFirst) {
  unsigned k = kLoops[0];
  int64_t n = extents[vectorLoop], tileRows = tile.rows, width = tile.vectors * lanes;
  int64_t depth = depthFirst ? shallowDepth : stridesFar() ? pagedDepth : packedDepth;
  // Parts of nearly one length.
  Value zero = kb.index(0), depthEnd = extentOf(k), length = kb.ceilDiv(depthEnd, kb.max(kb.ceilDiv(depthEnd, kb.index(depth)), kb.index(1)));
  // Rows of sums a power of two apart would evict each other.
  int64_t sumsWidth = depthFirst ? llvm::alignTo(n, lanes) + lanes : width, most = std::max<int64_t>(waitingSums / sumsWidth / tile.rows, 1) * tile.rows;
  // Of a dynamic extent, those left are streamed.
  bool whole = ShapedType::isDynamic(extents[*rowLoop]) ? streams() : extents[*rowLoop] % tileRows == 0;
  Value rows = kb.sub(endRow, firstRow);
  Block part{.packed = kb.scratch(element, depth * width)};
  if (ShapedType::isDynamic(extents[k]) || extents[k] > depth) {
    part.sums = kb.scratch(element, most * sumsWidth);
    part.sumsAccess.strides.assign(op.getNumLoops(), 0);
    part.sumsAccess.strides[*rowLoop] = sumsWidth;
    part.sumsAccess.strides[vectorLoop] = depthFirst;
  }
  auto overDepth = [&](llvm::function_ref<void()> body) {
    kb.loop(zero, depthEnd, length, [&](Value firstK) {
      part.firstK = firstK;
      part.lastK = kb.min(kb.add(firstK, length), depthEnd);
      part.isFirst = kb.equal(firstK, zero);
      part.isLast = kb.equal(part.lastK, depthEnd);
      body();
    });
  };
  // Blocks of rows of nearly one size, each of whole tiles.
  Value blocks = kb.ceilDiv(rows, kb.index(most)), rowTiles = kb.ceilDiv(kb.ceilDiv(rows, blocks), kb.index(tile.rows));
  kb.loop(firstRow, endRow, kb.mul(rowTiles, tile.rows), [&](Value blockRow) {
    Value lastRow = kb.min(kb.add(blockRow, kb.mul(rowTiles, tile.rows)), endRow);
    part.sumsBase = kb.mul(blockRow, -sumsWidth);
    auto columnOfTiles = [&](Value column, int64_t vectors, Lanes last) {
      block = part;
      block->width = vectors * lanes;
      auto tile = [&](int64_t rows, Value row) {
        if (depthFirst)
          readAhead(kb.sub(row, blockRow), rowTiles, column);
        emitTile(rows, row, column, vectors, last);
      };
      // The first tile of rows copies what it reads; from the second-level cache it may be copied before.
      if (whole && isLarge()) {
        block->packs = true;
        tile(tileRows, blockRow);
        block->packs = false;
        overRowTiles(tileRows, kb.add(blockRow, tileRows), lastRow, tile, whole);
      } else {
        pack(column, vectors, last);
        overRowTiles(tileRows, blockRow, lastRow, tile, whole);
      }
      block.reset();
    };
    if (depthFirst)
      overDepth([&] { overColumnTiles(tile.vectors, columnOfTiles); });
    else
      overColumnTiles(tile.vectors, [&](Value column, int64_t vectors, Lanes last) { overDepth([&] { columnOfTiles(column, vectors, last); }); });
  });
}

void ContractionEmitter::readAhead(Value fromRow, Value rowTiles, Value column) {
  int64_t n = extents[vectorLoop], width = tile.vectors * lanes;
  auto times = [&](Value x, Value y) { return arith::MulIOp::create(kb.b, kb.loc, x, y).getResult(); };
  auto over = [&](Value x, int64_t y) { return arith::DivUIOp::create(kb.b, kb.loc, x, kb.index(y)).getResult(); };
  block->aheadStep = kb.ceilDiv(kb.index(n), kb.mul(rowTiles, llvm::divideCeil(n, width)));
  Value tilesBefore = kb.add(times(over(column, width), rowTiles), over(fromRow, tile.rows));
  Value steps = times(tilesBefore, kb.sub(block->lastK, block->firstK));
  ivs[kLoops[0]] = block->lastK;
  block->ahead = kb.add(kb.address(bAccess, ivs), times(steps, block->aheadStep));
  ivs[kLoops[0]] = nullptr;
}

void ContractionEmitter::pack(Value column, int64_t vectors, Lanes last) {
  Lanes all{lanes, nullptr};
  ivs[vectorLoop] = column;
  kb.loop(block->firstK, block->lastK, 1, [&](Value k) {
    ivs[kLoops[0]] = k;
    Value from = kb.address(bAccess, ivs), to = kb.mul(kb.sub(k, block->firstK), block->width);
    for (int64_t j = 0; j < vectors; ++j)
      kb.store(kb.load(bBuffer.memref, kb.add(from, j * lanes), 1, j + 1 == vectors ? last : all), block->packed, kb.add(to, j * lanes), 1, all);
  });
  ivs[kLoops[0]] = nullptr;
  ivs[vectorLoop] = nullptr;
}

} // namespace cornu::codegen
