// Which loops become one, and which makes the rows of tiles.
#include "codegen/ContractionEmitter.h"

using namespace mlir;

namespace cornu::codegen {

void ContractionEmitter::mergeLoops(SmallVector<unsigned> &loops) {
  SmallVector<passes::Access> accesses{aAccess, bAccess};
  for (linalg::GenericOp e : epilogue) {
    if (!e.getBody()->getOps<linalg::IndexOp>().empty())
      return;
    for (auto [operand, map] : llvm::zip(e.getDpsInputs(), e.getIndexingMapsArray()))
      if (auto known = kb.buffers.find(operand); known != kb.buffers.end())
        accesses.push_back(inRootLoops(kb.access(known->second, map)));
  }
  for (Value value : stored)
    accesses.push_back(storedAccess(value));
  for (size_t i = loops.size(); i-- > 1;) {
    unsigned outer = loops[i - 1], inner = loops[i];
    auto joins = [&](const passes::Access &access) { return access.strides[outer] == access.strides[inner] * extents[inner]; };
    if (ShapedType::isDynamic(extents[outer]) || ShapedType::isDynamic(extents[inner]) || !llvm::all_of(accesses, joins))
      continue;
    extents[inner] *= extents[outer];
    loops.erase(loops.begin() + i - 1);
  }
}

TileShape ContractionEmitter::tileAlong(std::optional<unsigned> loop) {
  int64_t m = 1, mostRows = kb.target.vectorRegisters;
  if (loop) {
    m = ShapedType::isDynamic(extents[*loop]) ? assumedBatch : extents[*loop];
    // Rows a multiple of a way of the first cache apart would evict each other.
    constexpr int64_t wayBytes = 4096, ways = 8;
    if (int64_t stride = aAccess.strides[*loop] * element.getIntOrFloatBitWidth() / 8)
      mostRows = std::min(mostRows, ways * wayBytes / std::gcd(stride, wayBytes));
  }
  return chooseTile(m, llvm::divideCeil(extents[vectorLoop], lanes), mostRows, kb.target);
}

std::optional<unsigned> ContractionEmitter::chooseRows(ArrayRef<unsigned> loops) {
  std::optional<unsigned> best;
  double bestCost = std::numeric_limits<double>::infinity();
  for (unsigned loop : loops) {
    bool dynamic = ShapedType::isDynamic(extents[loop]);
    int64_t m = dynamic ? assumedBatch : extents[loop];
    double cost = tileAlong(loop).cost / static_cast<double>(m);
    // The batch may turn out to be 1.
    if (dynamic && loops.size() > 1)
      cost *= 1.15;
    if (cost <= bestCost) {
      best = loop;
      bestCost = cost;
    }
  }
  return best;
}

} // namespace cornu::codegen
