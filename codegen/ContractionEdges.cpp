// Windows that reach beyond what is in memory, where zeros are meant: sums leave those terms out. So nobody need write an edge of zeros around an image,
// which for a convolution of each channel by itself would be as much work as the convolution.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

void ContractionEmitter::findEdges() {
  AffineMap map = op.getIndexingMapsArray()[root.a];
  for (const passes::Edge &edge : passes::edgesOf(op))
    edges.push_back({*passes::accessOf(map.getSubMap(edge.dim), passes::Stride(1)), edge.first, edge.limit});
  // The loop over lines of the image.
  for (const Edge &edge : edges)
    if (rowLoop && edge.position.strides[*rowLoop] == 0 && llvm::none_of(kLoops, [&](unsigned k) { return ShapedType::isDynamic(extents[k]); }))
      for (unsigned loop : root.m)
        if (edge.position.strides[loop] != 0)
          lines = loop;
}

void ContractionEmitter::prefetchWindow(int64_t rows, int64_t vectors) {
  if (!lines || aAccess.strides[vectorLoop] != 1)
    return;
  SmallVector<Value> at(ivs);
  for (unsigned k : kLoops)
    at[k] = kb.index(extents[k] - 1);
  Value start = kb.add(kb.address(aAccess, at), aAccess.strides[*lines]);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < vectors; ++j)
      kb.prefetch(aBuffer.memref, kb.add(start, i * aAccess.strides[*rowLoop] + j * lanes));
}

/// How far the position of the tile's last row is from that of its first.
int64_t ContractionEmitter::spread(const Edge &edge, int64_t rows) { return rowLoop ? edge.position.strides[*rowLoop] * (rows - 1) : 0; }

KernelBuilder::Range ContractionEmitter::withinEdges(unsigned k, KernelBuilder::Range whole, int64_t rows, bool all) {
  KernelBuilder::Range range = whole;
  auto positive = [&](Value x) { return kb.b.createOrFold<arith::MaxSIOp>(kb.loc, x, kb.index(0)); };
  for (const Edge &edge : edges) {
    int64_t step = edge.position.strides[k];
    if (step == 0)
      continue;
    // Of the rows, those at the ends decide: first <= base + step * k, base + step * k < limit with the base of one or the other, solved for k.
    SmallVector<Value> others(ivs);
    others[k] = nullptr;
    Value base = kb.address(edge.position, others);
    int64_t far = spread(edge, rows), least = std::min<int64_t>(far, 0), most = std::max<int64_t>(far, 0);
    Value lower = kb.sub(kb.index(edge.first - (all ? least : most)), base), upper = kb.sub(kb.index(edge.limit - (all ? most : least)), base);
    if (step < 0)
      std::tie(lower, upper) = std::pair(kb.sub(kb.index(1), upper), kb.sub(kb.index(1), lower));
    Value by = kb.index(std::abs(step));
    range = {kb.max(range.from, kb.ceilDiv(positive(lower), by)), kb.min(range.to, kb.ceilDiv(positive(upper), by))};
  }
  range.from = kb.min(range.from, whole.to);
  return {range.from, kb.max(range.from, range.to)};
}

Value ContractionEmitter::isInside(int64_t i) {
  Value condition;
  for (const Edge &edge : edges) {
    int64_t step = rowLoop ? edge.position.strides[*rowLoop].elements : 0;
    if (step == 0)
      continue;
    // Below `first` is far above `limit`, without signs.
    Value at = kb.add(kb.address(edge.position, ivs), i * step - edge.first);
    Value holds = arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ult, at, kb.index(edge.limit - edge.first));
    condition = condition ? arith::AndIOp::create(kb.b, kb.loc, condition, holds).getResult() : holds;
  }
  return condition;
}

Value ContractionEmitter::readInside(Value condition, Value memref, Value address, int64_t stride, Lanes width) {
  unsigned count = stride ? lanes : 1;
  auto type = VectorType::get({count}, element);
  Value mask = vector::BroadcastOp::create(kb.b, kb.loc, VectorType::get({count}, kb.b.getI1Type()), condition);
  if (stride && width.mask)
    mask = arith::AndIOp::create(kb.b, kb.loc, mask, width.mask);
  Value zero = arith::ConstantOp::create(kb.b, kb.loc, kb.b.getZeroAttr(type));
  Value read = vector::MaskedLoadOp::create(kb.b, kb.loc, type, memref, address, mask, zero);
  return stride ? read : kb.splat(vector::ExtractOp::create(kb.b, kb.loc, read, ArrayRef<int64_t>{0}), {lanes, nullptr});
}

} // namespace cornu::codegen
