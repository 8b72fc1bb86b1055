// Which loops become one, and which makes the rows of tiles.
#include "codegen/ContractionEmitter.h"

using namespace mlir;

namespace cornu::codegen {

void ContractionEmitter::mergeLoops(SmallVector<unsigned> &loops, bool withBatch) {
  SmallVector<passes::Access> accesses{aAccess, bAccess};
  for (const Edge &edge : edges)
    accesses.push_back(edge.position);
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
    bool batch = ShapedType::isDynamic(extents[outer]);
    if ((batch && !withBatch) || ShapedType::isDynamic(extents[inner]) || !llvm::all_of(accesses, joins))
      continue;
    perSample[inner] = batch ? extents[inner] * perSample[outer] : 1;
    extents[inner] = batch ? ShapedType::kDynamic : extents[inner] * extents[outer];
    loops.erase(loops.begin() + i - 1);
  }
}

TileShape ContractionEmitter::tileAlong(std::optional<unsigned> loop) {
  int64_t m = 1, mostRows = kb.target.vectorRegisters;
  if (loop) {
    m = assumedExtent(*loop);
    // Rows a multiple of a way of the first cache apart would evict each other.
    constexpr int64_t wayBytes = 4096, ways = 8;
    if (int64_t stride = aAccess.strides[*loop] * element.getIntOrFloatBitWidth() / 8)
      mostRows = std::min(mostRows, ways * wayBytes / std::gcd(stride, wayBytes));
  }
  // With lanes along the sum, a column takes an accumulator.
  int64_t vectors = root.sumLoop ? columns() : llvm::divideCeil(extents[vectorLoop], lanes);
  if (loop && ShapedType::isDynamic(extents[*loop]) && streams())
    return chooseTile(m, vectors, mostRows, kb.target, [&](int64_t rest, int64_t rows) { return streamCost(rest, rows); });
  return chooseTile(m, vectors, mostRows, kb.target);
}

Value ContractionEmitter::extentOf(unsigned loop) {
  Value extent = kb.extent(extents[loop]);
  return ShapedType::isDynamic(extents[loop]) ? kb.mul(extent, perSample[loop]) : extent;
}

int64_t ContractionEmitter::assumedExtent(unsigned loop) { return ShapedType::isDynamic(extents[loop]) ? assumedBatch * perSample[loop] : extents[loop]; }

int64_t ContractionEmitter::leastRows() {
  auto isBatch = [&](unsigned loop) { return ShapedType::isDynamic(extents[loop]); };
  if (isBatch(vectorLoop)) // Lanes are rows. Fewer vectors must not mean more chains.
    return root.alongSum && panelRows >= fewestChains ? 1 : 0;
  // A single row takes ways of its own.
  return rowLoop && isBatch(*rowLoop) ? std::max<int64_t>(2, tile.rows / std::gcd(tile.rows, perSample[*rowLoop])) : 1;
}

std::optional<unsigned> ContractionEmitter::chooseRows(ArrayRef<unsigned> loops) {
  std::optional<unsigned> best;
  double bestCost = std::numeric_limits<double>::infinity();
  for (unsigned loop : loops) {
    bool dynamic = ShapedType::isDynamic(extents[loop]);
    int64_t m = assumedExtent(loop);
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
