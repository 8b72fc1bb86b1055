// Products of matrices whose rows both lie along the sum, such as the gradient of a layer's input: dX[b, k] = Σ_n dY[b, n] W[k, n]. Rows of tiles are
// then rows of W, read where they lie, and lanes are rows of dY, which is small and is transposed block by block. Sums are turned before what follows
// them. Transposing W instead would cost as much as the product where a batch has 32 rows.
#include "codegen/ContractionEmitter.h"

using namespace mlir;

namespace cornu::codegen {

constexpr int64_t mostPanelVectors = 3;
constexpr int64_t packedColumns = 64 << 10;   // on the stack: 256 KB in f32

void ContractionEmitter::exchangeRoles() {
  std::swap(aBuffer, bBuffer);
  std::swap(aAccess, bAccess);
  std::swap(*rowLoop, vectorLoop);
}

TileShape ContractionEmitter::panelTile() {
  int64_t vectors = std::min(mostPanelVectors, packedColumns / (extents[kLoops[0]] * lanes));
  if (int64_t m = extents[vectorLoop]; !ShapedType::isDynamic(m))
    vectors = std::min<int64_t>(vectors, llvm::divideCeil(m, lanes));
  TileShape tile = chooseTile(lanes, std::max<int64_t>(vectors, 1), lanes, kb.target);
  panelRows = tile.rows;
  tile.rows = lanes;
  return tile;
}

void ContractionEmitter::emitPanels(Value from, Value to) {
  int64_t depth = extents[kLoops[0]], width = tile.vectors * lanes;
  Value zero = kb.index(0), rows = extentOf(vectorLoop), laneCount = kb.index(lanes);
  Value packed = kb.scratch(element, depth * width), sums = kb.scratch(element, lanes * width), turned = kb.scratch(element, lanes * lanes);
  // Blocks of nearly one size.
  Value vectors = kb.max(kb.ceilDiv(rows, laneCount), kb.index(1));
  Value height = kb.mul(kb.ceilDiv(vectors, kb.ceilDiv(vectors, kb.index(tile.vectors))), lanes);
  kb.loop(zero, rows, height, [&](Value first) {
    Value end = kb.min(kb.add(first, height), rows), count = kb.ceilDiv(kb.sub(end, first), laneCount);
    packColumns(packed, width, first, end);
    block = Block{.firstK = zero, .lastK = kb.index(depth), .packed = packed, .width = width};
    kb.overBlocks({from, to}, extents[*rowLoop], lanes, [&](Value row, int64_t length) {
      for (int64_t v = 1; v <= tile.vectors; ++v)
        kb.ifThen(kb.equal(count, kb.index(v)), [&] { sumPanel(sums, width, row, length, v); });
      finishPanel(sums, width, turned, row, length, first, end);
    });
    block.reset();
  });
}

void ContractionEmitter::packColumns(Value packed, int64_t width, Value first, Value end) {
  unsigned k = kLoops[0];
  Lanes all{lanes, nullptr};
  kb.loop(first, end, lanes, [&](Value start) {
    SmallVector<Value> from;
    Value last = kb.add(end, -1);
    for (int64_t r = 0; r < lanes; ++r) {
      ivs[vectorLoop] = kb.min(kb.add(start, r), last);   // beyond the end: what no one reads
      from.push_back(kb.address(bAccess, ivs));
    }
    ivs[vectorLoop] = nullptr;
    Value to = kb.sub(start, first);
    kb.overBlocks({kb.index(0), kb.index(extents[k])}, extents[k], lanes, [&](Value at, int64_t length) {
      SmallVector<Value> rows;
      for (Value address : from)
        rows.push_back(kb.load(bBuffer.memref, kb.add(address, at), 1, length == lanes ? all : kb.partial(lanes, length)));
      kb.transpose(rows);
      Value line = kb.add(to, kb.mul(at, width));
      for (int64_t i = 0; i < length; ++i)
        kb.store(rows[i], packed, kb.add(line, i * width), 1, all);
    });
  });
}

void ContractionEmitter::sumPanel(Value sums, int64_t width, Value row, int64_t length, int64_t vectors) {
  Lanes all{lanes, nullptr};
  auto rowsAt = [&](Value offset, int64_t rows) {
    ivs[*rowLoop] = kb.add(row, offset);
    for (auto [t, sum] : llvm::enumerate(accumulate(rows, vectors, all)))
      kb.store(sum, sums, kb.add(kb.mul(offset, width), t / vectors * width + t % vectors * lanes), 1, all);
    ivs[*rowLoop] = nullptr;
  };
  kb.overBlocks({kb.index(0), kb.index(length)}, length, panelRows, rowsAt);
}

void ContractionEmitter::finishPanel(Value sums, int64_t width, Value turned, Value row, int64_t length, Value first, Value end) {
  Lanes all{lanes, nullptr}, real = length == lanes ? all : kb.partial(lanes, length);
  exchangeRoles();
  ivs[vectorLoop] = row;
  kb.loop(first, end, lanes, [&](Value start) {
    SmallVector<Value> square;
    for (int64_t i = 0; i < lanes; ++i)
      square.push_back(i < length ? kb.load(sums, kb.add(kb.sub(start, first), i * width), 1, all) : square.back());
    kb.transpose(square);
    for (auto [i, line] : llvm::enumerate(square))
      kb.store(line, turned, kb.index(i * lanes), 1, all);
    kb.loop(start, kb.min(kb.add(start, lanes), end), 1, [&](Value position) {
      ivs[*rowLoop] = position;
      finish(kb.load(turned, kb.mul(kb.sub(position, start), lanes), 1, all), Value(), 0, real);
    });
    ivs[*rowLoop] = nullptr;
  });
  ivs[vectorLoop] = nullptr;
  exchangeRoles();
}

} // namespace cornu::codegen
