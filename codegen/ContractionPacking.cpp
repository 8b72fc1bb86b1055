// Large matrices, in blocks: a block of K by one tile's columns of B is copied to where it lies densely, and stays in the first caches while
// the rows of A pass (Goto and van de Geijn's GEBP). Sums go on from one block of K to the next through memory.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

constexpr int64_t packedBytes = 2 << 20;   // a smaller B stays in the second-level cache where it is, and is read there as fast
constexpr int64_t packedDepth = 512;       // parts of K for many rows: with 48 columns, 96 KB
constexpr int64_t shallowDepth = 80;       // and for fewer
constexpr int64_t pagedDepth = 128;        // where each step of K is in pages of its own, which the processor has to know all at once
constexpr int64_t manyRows = 256;          // so many pay for reading A again with each tile's columns
constexpr int64_t waitingRows = 64;        // of fewer, so many have sums that wait

int64_t ContractionEmitter::bytesOfB() { return extents[vectorLoop] * assumedExtent(kLoops[0]) * element.getIntOrFloatBitWidth() / 8; }

bool ContractionEmitter::isLarge() { return bytesOfB() >= packedBytes || isLargeTogether(); }

bool ContractionEmitter::isLargeTogether() { return bytesOfB() < packedBytes && bytesOfB() > columnwiseBytes && kb.matrixBytes >= packedBytes; }

Value ContractionEmitter::fitsCaches() {
  return arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ugt, kb.parts, kb.index(kb.matrixBytes / packedBytes));
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

void ContractionEmitter::ofRowCount(llvm::function_ref<void()> many, llvm::function_ref<void()> fewer) {
  int64_t m = extents[*rowLoop];
  if (!ShapedType::isDynamic(m))
    return m >= manyRows ? many() : fewer();
  kb.ifThenElse(arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::uge, kb.extent(m), kb.index(manyRows)), many, fewer);
}

void ContractionEmitter::emitBlocks(KernelBuilder::Range rowRange, KernelBuilder::Range columnRange, bool depthFirst) {
  auto [firstRow, endRow] = rowRange;
  unsigned k = kLoops[0];
  int64_t n = extents[vectorLoop], tileRows = tile.rows, width = tile.vectors * lanes;
  int64_t depth = depthFirst ? shallowDepth : stridesFar() ? pagedDepth : packedDepth;
  // Parts of nearly one length, blocks of columns of nearly one width.
  Value zero = kb.index(0), depthEnd = extentOf(k), length = kb.ceilDiv(depthEnd, kb.max(kb.ceilDiv(depthEnd, kb.index(depth)), kb.index(1)));
  int64_t columns = llvm::alignTo(llvm::divideCeil(n, llvm::divideCeil(n, waitingSums / waitingRows)), width);
  // Rows of sums a power of two apart would evict each other.
  int64_t sumsWidth = depthFirst ? columns + lanes : width, most = std::max<int64_t>(waitingSums / sumsWidth / tileRows, 1) * tileRows;
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
  Value blocks = kb.max(kb.ceilDiv(rows, kb.index(most)), kb.index(1)), rowTiles = kb.ceilDiv(kb.ceilDiv(rows, blocks), kb.index(tileRows));
  kb.loop(firstRow, endRow, kb.mul(rowTiles, tileRows), [&](Value blockRow) {
    Value lastRow = kb.min(kb.add(blockRow, kb.mul(rowTiles, tileRows)), endRow), firstColumn, endColumn;
    auto columnOfTiles = [&](Value column, int64_t vectors, Lanes last) {
      block = part;
      block->width = vectors * lanes;
      auto tile = [&](int64_t rows, Value row) {
        // Many rows ask for the same columns of the next part.
        askAhead(kb.sub(row, blockRow), column, depthFirst ? KernelBuilder::Range{firstColumn, endColumn} : KernelBuilder::Range{column, kb.add(column, block->width)}, rowTiles, length);
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
    part.sumsBase = kb.mul(blockRow, -sumsWidth);
    if (!depthFirst)
      return overColumnTiles(tile.vectors, columnRange, [&](Value column, int64_t vectors, Lanes last) { overDepth([&] { columnOfTiles(column, vectors, last); }); });
    kb.loop(columnRange.from, columnRange.to, columns, [&](Value column) {
      firstColumn = column;
      endColumn = kb.min(kb.add(column, columns), columnRange.to);
      part.sumsBase = kb.sub(kb.mul(blockRow, -sumsWidth), column);
      overDepth([&] { overColumnTiles(tile.vectors, {firstColumn, endColumn}, columnOfTiles); });
    });
  });
}

void ContractionEmitter::askAhead(Value row, Value column, KernelBuilder::Range columns, Value rowTiles, Value length) {
  int64_t width = tile.vectors * lanes;
  auto times = [&](Value x, Value y) { return kb.b.createOrFold<arith::MulIOp>(kb.loc, x, y); };
  auto over = [&](Value x, Value y) { return kb.b.createOrFold<arith::DivUIOp>(kb.loc, x, y); };
  Value tiles = kb.add(times(over(kb.sub(column, columns.from), kb.index(width)), rowTiles), over(row, kb.index(tile.rows)));
  block->aheadStep = kb.ceilDiv(kb.index(width), rowTiles);
  // Front to back, so that the processor foresees it: elements before this tile's in the next part of B, row by row.
  Value elements = times(times(tiles, length), block->aheadStep), line = kb.sub(columns.to, columns.from), lines = over(elements, line);
  ivs[kLoops[0]] = kb.add(kb.add(block->firstK, length), lines);
  ivs[vectorLoop] = kb.add(columns.from, kb.sub(elements, times(lines, line)));
  block->ahead = kb.address(bAccess, ivs);
  ivs[kLoops[0]] = ivs[vectorLoop] = nullptr;
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
