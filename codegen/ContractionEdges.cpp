// Windows that reach beyond what is in memory, where zeros are meant: sums leave those terms out, a whole turn of a loop or some rows of a tile in it. So nobody need write
// an edge of zeros around an image, which for a convolution of each channel by itself would be as much work as the convolution.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

void ContractionEmitter::findEdges() {
  AffineMap map = op.getIndexingMapsArray()[0];
  for (const passes::Edge &edge : passes::edgesOf(op)) {
    Edge found{*passes::accessOf(map.getSubMap(edge.dim), passes::Stride(1)), edge.first, edge.limit, 0, 0};
    found.least = found.most = found.position.offset;
    for (auto [stride, extent] : llvm::zip_equal(found.position.strides, op.getStaticLoopRanges()))
      if (stride != 0)
        (stride > 0 ? found.most : found.least) += stride * (extent - 1);
    edges.push_back(found);
  }
}

std::optional<unsigned> ContractionEmitter::findLines() {
  if (llvm::any_of(kLoops, [&](unsigned k) { return ShapedType::isDynamic(extents[k]); }))
    return std::nullopt;
  for (const Edge &edge : edges)
    if (rowLoop && edge.position.strides[*rowLoop] == 0)
      for (unsigned loop : root.m)
        if (edge.position.strides[loop] != 0)
          return loop;
  return std::nullopt;
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

int64_t ContractionEmitter::rowStep(const Edge &edge) { return rowLoop ? edge.position.strides[*rowLoop].elements : 0; }

const ContractionEmitter::Edge *ContractionEmitter::edgeAcross(unsigned k, int64_t rows) {
  auto found = llvm::find_if(edges, [&](const Edge &edge) { return rows > 1 && edge.position.strides[k] != 0 && rowStep(edge) != 0; });
  return found == edges.end() ? nullptr : found;
}

KernelBuilder::Range ContractionEmitter::withinEdge(const Edge &edge, unsigned k, KernelBuilder::Range whole, int64_t i) {
  // first <= base + step * k < limit, solved for k.
  int64_t step = edge.position.strides[k];
  SmallVector<Value> others(ivs);
  others[k] = nullptr;
  Value base = kb.add(kb.address(edge.position, others), i * rowStep(edge));
  Value lower = kb.sub(kb.index(edge.first), base), upper = kb.sub(kb.index(edge.limit), base);
  if (step < 0)
    std::tie(lower, upper) = std::pair(kb.sub(kb.index(1), upper), kb.sub(kb.index(1), lower));
  auto turn = [&](Value at) {
    Value positive = kb.b.createOrFold<arith::MaxSIOp>(kb.loc, at, kb.index(0));
    return kb.min(kb.max(kb.ceilDiv(positive, kb.index(std::abs(step))), whole.from), whole.to);
  };
  return {turn(lower), turn(upper)};
}

KernelBuilder::Range ContractionEmitter::withinEdges(unsigned k, KernelBuilder::Range whole, int64_t rows) {
  const Edge *across = edgeAcross(k, rows);
  for (const Edge &edge : edges)
    if (&edge != across && edge.position.strides[k] != 0)
      whole = withinEdge(edge, k, whole, 0);
  return whole;
}

void ContractionEmitter::overOutsides(const Edge &edge, unsigned k, KernelBuilder::Range whole, int64_t rows, llvm::function_ref<void(KernelBuilder::Range)> body) {
  int64_t row = rowStep(edge), distance = std::abs(row);
  // No tile starts before the first row or ends behind the last one: so many of its rows are outside at most.
  int64_t below = llvm::divideCeil(std::max<int64_t>(edge.first - edge.least, 0), distance), above = llvm::divideCeil(std::max<int64_t>(edge.most + 1 - edge.limit, 0), distance);
  int64_t atStart = std::min(row > 0 ? below : above, rows), atEnd = std::min(row > 0 ? above : below, rows);
  auto turns = [&](int64_t i) { return withinEdge(edge, k, whole, i); };
  // As k goes on, rows enter and leave from the last on, or from the first on.
  bool fromLast = (row > 0) == (edge.position.strides[k] > 0);
  auto select = [&](int64_t first, int64_t last) {
    // Rows [first, end) are inside, those beside them are not.
    int64_t end = rows - last;
    KernelBuilder::Range range = fromLast ? KernelBuilder::Range{turns(first).from, turns(end - 1).to} : KernelBuilder::Range{turns(end - 1).from, turns(first).to};
    if (first > 0)
      fromLast ? range.to = kb.min(range.to, turns(first - 1).from) : range.from = kb.max(range.from, turns(first - 1).to);
    if (last > 0)
      fromLast ? range.from = kb.max(range.from, turns(end).to) : range.to = kb.min(range.to, turns(end).from);
    outside = {first, last};
    body({range.from, kb.max(range.from, range.to)});
    outside = {};
  };
  int64_t early = fromLast ? atStart : atEnd, late = fromLast ? atEnd : atStart;
  for (int64_t e = early; e >= 0; --e)
    for (int64_t l = 0; l <= late; ++l) {
      int64_t inside = rows - e - l;
      // Both ends of the rows are outside only if they reach from one edge to the other.
      if (inside > 0 && (e == 0 || l == 0 || distance * (inside + 1) > edge.limit - edge.first))
        fromLast ? select(e, l) : select(l, e);
    }
}

} // namespace cornu::codegen
