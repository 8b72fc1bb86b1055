// Products with few columns, such as a convolution that makes a picture of many channels: columns would leave most lanes idle. Where both operands lie along one loop of the
// sum, that one is taken by vectors instead; each accumulator is then a vector of partial sums, which are added up when a tile is done.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

int64_t ContractionEmitter::columns() { return bAccess.strides[vectorLoop] == 0 ? 1 : extents[vectorLoop]; }

void ContractionEmitter::emitLanes(Value from, Value to) {
  int64_t n = columns();
  Lanes all{lanes, nullptr}, few = n == lanes ? all : kb.partial(lanes, n);
  Value sums = kb.scratch(element, llvm::alignTo(tile.rows * n, lanes) + lanes);
  auto emit = [&](int64_t rows, Value row) {
    if (rowLoop)
      ivs[*rowLoop] = row;
    if (bAccess.strides[vectorLoop] != 0)
      ivs[vectorLoop] = kb.index(0);
    Value zero = kb.constant(kb.b.getFloatAttr(element, 0), all);
    SmallVector<Value> accumulators = overK(kLoops, SmallVector<Value>(rows * n, zero), rows, n, all, /*sets=*/1);
    for (size_t t = 0; t < accumulators.size(); t += lanes)
      kb.store(kb.sumLanes(ArrayRef(accumulators).slice(t, std::min<size_t>(lanes, accumulators.size() - t))), sums, kb.index(t), 1, all);
    // A row is read as a vector, of which some lanes belong to the next.
    kb.loop(kb.index(0), kb.index(rows), 1, [&](Value i) {
      if (rowLoop)
        ivs[*rowLoop] = kb.add(row, i);
      finish(kb.load(sums, kb.mul(i, n), 1, all), Value(), 0, few);
    });
    if (rowLoop)
      ivs[*rowLoop] = nullptr;
    if (bAccess.strides[vectorLoop] != 0)
      ivs[vectorLoop] = nullptr;
  };
  rowLoop ? overRowTiles(tile.rows, from, to, emit) : emit(1, from);
}

SmallVector<Value> ContractionEmitter::overSumLoop(SmallVector<Value> accumulators, int64_t rows, int64_t columns) {
  constexpr int64_t mostUnrolled = 4;
  unsigned k = *root.sumLoop;
  int64_t length = extents[k], whole = length / lanes * lanes, aRow = rowLoop ? aAccess.strides[*rowLoop].elements : 0, bRow = rowLoop ? bAccess.strides[*rowLoop].elements : 0;
  auto step = [&](Value position, SmallVector<Value> sums, Lanes width) {
    ivs[k] = position;
    Value aBase = kb.address(aAccess, ivs), bBase = kb.address(bAccess, ivs);
    SmallVector<Value> bs(columns);
    for (int64_t i = outside.first; i < rows - outside.last; ++i) {
      Value a = kb.load(aBuffer.memref, kb.add(aBase, i * aRow), 1, width);
      for (int64_t j = 0; j < columns; ++j) {
        if (i == outside.first || bRow != 0)
          bs[j] = kb.load(bBuffer.memref, kb.add(bBase, i * bRow + j * bAccess.strides[vectorLoop]), 1, width);
        Value &sum = sums[i * columns + j];
        sum = vector::FMAOp::create(kb.b, kb.loc, a, bs[j], sum);
      }
    }
    ivs[k] = nullptr;
    return sums;
  };
  Lanes all{lanes, nullptr};
  if (whole <= mostUnrolled * lanes)
    for (int64_t at = 0; at < whole; at += lanes)
      accumulators = step(kb.index(at), accumulators, all);
  else
    accumulators = kb.loop(kb.index(0), kb.index(whole), lanes, accumulators, [&](Value at, SmallVector<Value> sums) { return step(at, sums, all); });
  return whole < length ? step(kb.index(whole), accumulators, kb.partial(lanes, length - whole)) : accumulators;
}

} // namespace cornu::codegen
