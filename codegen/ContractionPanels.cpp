// Products of matrices whose rows both lie along the sum, such as the gradient of a layer's input: dX[b, k] = Σ_n dY[b, n] W[k, n]. Rows of tiles are
// then rows of W, read where they lie, and lanes are rows of dY, which is small and is transposed block by block. Sums are turned before what follows
// them. Transposing W instead would cost as much as the product where a batch has 32 rows.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

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
  Value vectors = kb.ceilDiv(rows, laneCount), blocks = kb.ceilDiv(vectors, kb.index(tile.vectors));
  auto start = [&](Value number) {
    Value before = arith::MulIOp::create(kb.b, kb.loc, number, vectors);
    return arith::DivUIOp::create(kb.b, kb.loc, before, blocks).getResult();
  };
  kb.loop(zero, blocks, 1, [&](Value number) {
    Value firstVector = start(number), endVector = start(kb.add(number, 1)), count = kb.sub(endVector, firstVector);
    Value first = kb.mul(firstVector, lanes), end = kb.min(kb.mul(endVector, lanes), rows);
    packColumns(packed, width, first, end);
    block = Block{.firstK = zero, .lastK = kb.index(depth), .packed = packed, .width = width};
    kb.loop(from, to, lanes, [&](Value row) {
      ofLength(row, [&](int64_t length) {
        for (int64_t v = 1; v <= tile.vectors; ++v)
          kb.ifThen(kb.equal(count, kb.index(v)), [&] { sumPanel(sums, width, row, length, v); });
      });
      kb.loop(first, end, lanes, [&](Value column) { finishPanel(sums, width, turned, row, column, first, end); });
    });
    block.reset();
  });
}

void ContractionEmitter::ofLength(Value row, llvm::function_ref<void(int64_t length)> body) {
  int64_t n = extents[*rowLoop], last = n % lanes;
  if (n < lanes || last == 0)
    return body(last ? last : lanes);
  kb.ifThenElse(kb.equal(row, kb.index(n - last)), [&] { body(last); }, [&] { body(lanes); });
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
    int64_t depth = extents[k], length = std::min<int64_t>(depth, lanes);
    kb.loop(kb.index(0), kb.index(depth), lanes, [&](Value step) {
      Value at = kb.min(step, kb.index(depth - length));   // the last block may write some again
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

void ContractionEmitter::finishPanel(Value sums, int64_t width, Value turned, Value row, Value column, Value first, Value end) {
  Lanes all{lanes, nullptr};
  SmallVector<Value> square;
  for (int64_t i = 0; i < lanes; ++i)   // of a short panel, some that no one reads
    square.push_back(kb.load(sums, kb.add(kb.sub(column, first), i * width), 1, all));
  kb.transpose(square);
  for (auto [i, line] : llvm::enumerate(square))
    kb.store(line, turned, kb.index(i * lanes), 1, all);
  ofLength(row, [&](int64_t length) {
    exchangeRoles();
    ivs[vectorLoop] = row;
    kb.loop(column, kb.min(kb.add(column, lanes), end), 1, [&](Value position) {
      ivs[*rowLoop] = position;
      finish(kb.load(turned, kb.mul(kb.sub(position, column), lanes), 1, all), Value(), 0, length == lanes ? all : kb.partial(lanes, length));
      ivs[*rowLoop] = nullptr;
    });
    ivs[vectorLoop] = nullptr;
    exchangeRoles();
  });
}

} // namespace cornu::codegen
