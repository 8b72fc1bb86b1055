// Transposition by square blocks: rows are read as vectors, exchanged in registers, and written as vectors.
#include "codegen/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

std::optional<Transposition> matchTransposition(KernelBuilder &kb, ArrayRef<linalg::GenericOp> ops) {
  if (ops.size() != 1)
    return std::nullopt;
  linalg::GenericOp op = ops.front();
  if (op.getNumDpsInputs() != 1 || op.getNumDpsInits() != 1 || op.getNumReductionLoops() || op.getNumLoops() < 2 ||
      op.getBody()->getTerminator()->getOperand(0) != op.getBody()->getArgument(0))
    return std::nullopt;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  Transposition t{op, 0, kb.access(kb.buffers[op.getDpsInputs()[0]], maps[0]), kb.access(kb.buffers[op.getResult(0)], maps[1])};
  unsigned last = op.getNumLoops() - 1;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  if (t.from.strides[last] == 1 || t.to.strides[last] != 1 || ShapedType::isDynamic(extents[last]))
    return std::nullopt;
  for (unsigned d = 0; d < last; ++d)
    if (t.from.strides[d] == 1 && !ShapedType::isDynamic(extents[d])) {
      t.row = d;
      return t;
    }
  return std::nullopt;
}

/// Of two rows of n lanes, exchanges the upper half of each 2d lanes of x with the lower half of those of y.
static std::pair<Value, Value> exchange(KernelBuilder &kb, Value x, Value y, int64_t n, int64_t d) {
  SmallVector<int64_t> lower, upper;
  for (int64_t k = 0; k < n; ++k) {
    lower.push_back(k & d ? n + k - d : k);
    upper.push_back(k & d ? n + k : k + d);
  }
  return {vector::ShuffleOp::create(kb.b, kb.loc, x, y, lower), vector::ShuffleOp::create(kb.b, kb.loc, x, y, upper)};
}

void KernelBuilder::transpose(MutableArrayRef<Value> rows) {
  int64_t n = rows.size();
  for (int64_t d = 1; d < n; d *= 2)
    for (int64_t i = 0; i < n; ++i)
      if (!(i & d))
        std::tie(rows[i], rows[i + d]) = exchange(*this, rows[i], rows[i + d], n, d);
}

Value KernelBuilder::sumLanes(ArrayRef<Value> rows) {
  SmallVector<Value> sums(rows);
  int64_t n = cast<VectorType>(rows[0].getType()).getNumElements();
  // As for a transposition; but what belongs to one row is added up in each step, so that half as many are left.
  for (int64_t d = 1; d < n; d *= 2) {
    SmallVector<Value> next;
    for (size_t i = 0; i < sums.size(); i += 2) {
      auto [x, y] = exchange(*this, sums[i], i + 1 < sums.size() ? sums[i + 1] : sums[i], n, d);
      next.push_back(arith::AddFOp::create(b, loc, x, y));
    }
    sums = next;
  }
  return sums.front();
}

LogicalResult emitTransposition(KernelBuilder &kb, const Transposition &t) {
  linalg::GenericOp op = t.op;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  unsigned row = t.row, last = op.getNumLoops() - 1, lanes = lanesFor(op->getBlock(), kb.target);
  Value source = kb.buffers[op.getDpsInputs()[0]].memref, target = kb.buffers[op.getResult(0)].memref;
  SmallVector<Value> ivs(op.getNumLoops());
  auto widthOf = [&](int64_t real) { return real == lanes ? Lanes{lanes, nullptr} : kb.partial(lanes, real); };

  // One block: `down` positions of the row loop (contiguous in the source), `across` of the last (contiguous in the target).
  auto block = [&](int64_t down, int64_t across) {
    Value from = kb.address(t.from, ivs), to = kb.address(t.to, ivs);
    Lanes read = widthOf(down), write = widthOf(across);
    SmallVector<Value> rows;
    for (int64_t r = 0; r < across; ++r)
      rows.push_back(kb.load(source, kb.add(from, r * t.from.strides[last]), 1, read));
    while (rows.size() < lanes)
      rows.push_back(rows.back());   // never written
    kb.transpose(rows);
    for (int64_t c = 0; c < down; ++c)
      kb.store(rows[c], target, kb.add(to, c * t.to.strides[row]), 1, write);
  };
  auto over = [&](unsigned loop, KernelBuilder::Range range, llvm::function_ref<void(int64_t)> body) {
    kb.overBlocks(range, extents[loop], lanes, [&](Value start, int64_t length) {
      ivs[loop] = start;
      body(length);
    });
    ivs[loop] = nullptr;
  };
  auto whole = [&](unsigned loop) { return KernelBuilder::Range{kb.index(0), kb.index(extents[loop])}; };
  KernelBuilder::Range rows = whole(row);
  if (Work work = Work::ofLoops(extents, 200); kb.divides(work)) {
    auto [from, to] = kb.share(kb.index(llvm::divideCeil(extents[row], lanes)), work);
    rows = {kb.mul(from, lanes), kb.min(kb.mul(to, lanes), kb.index(extents[row]))};
  }
  std::function<void(unsigned)> outer = [&](unsigned d) {
    if (d == last)
      return over(row, rows, [&](int64_t down) { over(last, whole(last), [&](int64_t across) { block(down, across); }); });
    if (d == row)
      return outer(d + 1);
    kb.loop(kb.index(0), kb.extent(extents[d]), 1, [&](Value iv) {
      ivs[d] = iv;
      outer(d + 1);
      ivs[d] = nullptr;
    });
  };
  outer(0);
  return success();
}

} // namespace cornu::codegen
