// A single row times a matrix.
#include "codegen/ContractionEmitter.h"

using namespace mlir;

namespace cornu::codegen {

constexpr int64_t streamBytes = 128 << 10;   // a matrix larger than this is read row by row when there is but one row to multiply
constexpr int64_t streamedRows = 4;          // rows of it read side by side
constexpr int64_t streamedVectors = 4;       // of each

bool ContractionEmitter::streams() {
  int64_t k = extents[kLoops.back()];
  return kLoops.size() == 1 && !ShapedType::isDynamic(k) && aAccess.strides[vectorLoop] == 0 && bAccess.strides[vectorLoop] == 1 &&
         bAccess.strides[kLoops[0]] == extents[vectorLoop] && k * extents[vectorLoop] * element.getIntOrFloatBitWidth() / 8 > streamBytes;
}

void ContractionEmitter::emitSingleRow(Value row, int64_t nVectors) {
  if (streams())
    streamRow(row, {kb.index(0), kb.index(extents[vectorLoop])});
  else
    overColumnTiles(tileAlong(std::nullopt).vectors,
                    [&](Value column, int64_t vectors, Lanes last) { emitTile(1, row, column, vectors, last); });
}

void ContractionEmitter::shareRow(Work work) {
  int64_t n = extents[vectorLoop], width = streamedVectors * lanes;
  auto [from, to] = kb.share(kb.index(llvm::divideCeil(n, width)), work);
  streamRow(kb.index(0), {kb.mul(from, width), kb.min(kb.mul(to, width), kb.index(n))});
}

void ContractionEmitter::streamRow(Value row, KernelBuilder::Range columns) {
  unsigned k = kLoops[0];
  int64_t n = extents[vectorLoop];
  Lanes all{lanes, nullptr};
  if (rowLoop)
    ivs[*rowLoop] = row;
  Value sums = kb.scratch(element, llvm::alignTo(n, lanes));
  auto overColumns = [&](llvm::function_ref<void(Value, Lanes)> body) {
    kb.overBlocks(columns, n, streamedVectors * lanes, [&](Value start, int64_t length) {
      for (int64_t column = 0; column < length; column += lanes)
        body(kb.add(start, column), length - column >= lanes ? all : kb.partial(lanes, length - column));
    });
  };
  Value zero = kb.constant(kb.b.getFloatAttr(element, 0), all);
  overColumns([&](Value column, Lanes) { kb.store(zero, sums, column, 1, all); });
  auto overRows = [&](int64_t from, int64_t to, int64_t count) {
    if (from == to)
      return;
    kb.loop(kb.index(from), kb.index(to), count, [&](Value position) {
      SmallVector<Value> as, bases;
      for (int64_t r = 0; r < count; ++r) {
        ivs[k] = kb.add(position, r);
        as.push_back(kb.splat(kb.load(aBuffer.memref, kb.address(aAccess, ivs), 0, {0, nullptr}), all));
        bases.push_back(kb.address(bAccess, ivs));
      }
      ivs[k] = nullptr;
      overColumns([&](Value column, Lanes width) {
        Value sum = kb.load(sums, column, 1, all);
        for (int64_t r = 0; r < count; ++r)
          sum = vector::FMAOp::create(kb.b, kb.loc, as[r], kb.load(bBuffer.memref, kb.add(bases[r], column), 1, width), sum);
        kb.store(sum, sums, column, 1, all);
      });
    });
  };
  int64_t depth = extents[k], main = depth / streamedRows * streamedRows;
  overRows(0, main, streamedRows);
  overRows(main, depth, 1);
  auto finishAt = [&](Value column, Lanes width) {
    ivs[vectorLoop] = column;
    finish(kb.load(sums, column, 1, all), Value(), 0, width);
    ivs[vectorLoop] = nullptr;
  };
  kb.overBlocks(columns, n, lanes, [&](Value column, int64_t real) { finishAt(column, real == lanes ? all : kb.partial(lanes, real)); });
  if (rowLoop)
    ivs[*rowLoop] = nullptr;
}

} // namespace cornu::codegen
