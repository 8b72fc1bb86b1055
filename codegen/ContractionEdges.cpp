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
}

Value ContractionEmitter::without(const passes::Access &position, unsigned loop) {
  SmallVector<Value> others(ivs);
  others[loop] = nullptr;
  return kb.address(position, others);
}

KernelBuilder::Range ContractionEmitter::withinEdges(unsigned k, KernelBuilder::Range range) {
  auto positive = [&](Value x) { return kb.b.createOrFold<arith::MaxSIOp>(kb.loc, x, kb.index(0)); };
  for (const Edge &edge : edges) {
    int64_t step = edge.position.strides[k];
    if (step == 0 || (inside && edge.position.strides[*rowLoop] != 0))
      continue;
    // first <= base + step * k < limit, solved for k.
    Value base = without(edge.position, k), low, high;
    if (step > 0) {
      low = kb.sub(kb.index(edge.first), base);
      high = kb.sub(kb.index(edge.limit), base);
    } else {
      low = kb.add(base, 1 - edge.limit);
      high = kb.add(base, 1 - edge.first);
    }
    Value by = kb.index(std::abs(step));
    range = {kb.max(range.from, kb.ceilDiv(positive(low), by)), kb.min(range.to, kb.ceilDiv(positive(high), by))};
  }
  return {range.from, kb.max(range.from, range.to)};
}

Value ContractionEmitter::staysInside(int64_t rows, Value row) {
  Value condition;
  auto demand = [&](arith::CmpIPredicate predicate, Value x, int64_t bound) {
    Value holds = arith::CmpIOp::create(kb.b, kb.loc, predicate, x, kb.index(bound));
    condition = condition ? arith::AndIOp::create(kb.b, kb.loc, condition, holds).getResult() : holds;
  };
  for (const Edge &edge : edges) {
    int64_t step = edge.position.strides[*rowLoop];
    if (step == 0)
      continue;
    int64_t least = std::min<int64_t>(step * (rows - 1), 0), most = std::max<int64_t>(step * (rows - 1), 0);
    for (unsigned k : kLoops) {
      int64_t reach = edge.position.strides[k] * (extents[k] - 1);
      (reach < 0 ? least : most) += reach;
    }
    Value base = kb.add(without(edge.position, *rowLoop), kb.mul(row, step));
    demand(arith::CmpIPredicate::sge, base, edge.first - least);
    demand(arith::CmpIPredicate::slt, base, edge.limit - most);
  }
  return condition;
}

void ContractionEmitter::emitTile(int64_t rows, Value row, Value column, int64_t vectors, Lanes last) {
  Value whole = rows > 1 && !edges.empty() ? staysInside(rows, row) : Value();
  if (!whole)
    return emitRowsOfTile(rows, row, column, vectors, last);
  kb.ifThenElse(
      whole,
      [&] {
        inside = true;
        emitRowsOfTile(rows, row, column, vectors, last);
        inside = false;
      },
      [&] { kb.loop(row, kb.add(row, rows), 1, [&](Value one) { emitRowsOfTile(1, one, column, vectors, last); }); });
}

} // namespace cornu::codegen
