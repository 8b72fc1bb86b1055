// The order in which tiles cover a contraction.
#include "codegen/ContractionWinograd.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace cornu::codegen {

/// Cycles of one K step of a tile, in multiply-adds: those, or loads (of a vector, or one element for all lanes) where they are more. Among tiles with
/// as many multiply-adds, that with fewer loads.
static double stepCost(int64_t rows, int64_t vectors) {
  auto loads = static_cast<double>(rows + vectors);
  return std::max(static_cast<double>(rows * vectors), loads) + 0.02 * loads + 0.5;
}

TileShape chooseTile(int64_t m, int64_t nVectors, int64_t mostRows, const Target &target, llvm::function_ref<double(int64_t rest, int64_t rows)> restCost) {
  TileShape best{1, 1, std::numeric_limits<double>::infinity()};
  for (int64_t vectors = 1; vectors <= std::min<int64_t>(nVectors, m == 1 ? 16 : 8); ++vectors)
    for (int64_t rows = 1; rows <= std::min(m, mostRows); ++rows) {
      // A vector of B that a single row needs is an operand of its multiply-add.
      if (rows * vectors + (rows > 1 ? vectors : 1) + 1 > target.vectorRegisters)
        continue;
      auto rowCost = [&](int64_t r) {
        double cost = (nVectors / vectors) * stepCost(r, vectors);
        return nVectors % vectors ? cost + stepCost(r, nVectors % vectors) : cost;
      };
      double rest = restCost ? restCost(m % rows, rows) : rowCost(m % rows);
      double cost = (m / rows) * rowCost(rows) + (m % rows ? rest : 0);
      if (cost < best.cost * 0.999)
        best = {rows, vectors, cost};
    }
  return best;
}

ContractionEmitter::ContractionEmitter(KernelBuilder &kb, const passes::Contraction &root, ArrayRef<linalg::GenericOp> epilogue, ValueRange yielded)
    : kb(kb), root(root), op(root.op), epilogue(epilogue), ivs(op.getNumLoops()), kLoops(root.k), mLoops(root.m) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  aBuffer = kb.buffers.lookup(op.getDpsInputs()[root.a]);
  bBuffer = kb.buffers.lookup(op.getDpsInputs()[root.b]);
  aAccess = kb.access(aBuffer, maps[root.a]);
  bAccess = kb.access(bBuffer, maps[root.b]);
  extents = op.getStaticLoopRanges();
  perSample.assign(extents.size(), 1);
  vectorLoop = root.n.back();
  lanes = lanesFor(op->getBlock(), kb.target);
  element = getElementTypeOrSelf(op.getResult(0).getType());
  for (AffineExpr expr : maps.back().getResults())
    if (auto dim = dyn_cast<AffineDimExpr>(expr))
      resultLoops.push_back(dim.getPosition());
  for (Value value : yielded)
    stored.insert(value);
  int64_t cost = 0;
  for (linalg::GenericOp e : epilogue)
    cost += bodyCost(e);
  // Bodies too long to be repeated for every accumulator run as a loop over the tile, through L1.
  epilogueInMemory = cost > 12;
}

LogicalResult ContractionEmitter::run() {
  if (passes::isWinograd(op)) {
    Winograd winograd(*this);
    kb.leastRows = 0;
    // The convolution sums over channels, the gradient of its kernel over tiles.
    llvm::any_of(root.k, [&](unsigned k) { return aAccess.strides[k] == 1; }) ? winograd.emitConvolution() : winograd.emitGradient();
    return success();
  }
  findEdges();
  mergeLoops(kLoops, /*withBatch=*/!root.sumLoop);
  mergeLoops(mLoops, /*withBatch=*/root.alongSum);
  SmallVector<unsigned> outer(root.batch);
  outer.append(root.n.begin(), root.n.end() - 1);
  // Where A has no loop of its own, rows may as well be others.
  SmallVector<unsigned> &candidates = mLoops.empty() ? outer : mLoops;
  rowLoop = chooseRows(candidates);
  if (rowLoop)
    llvm::erase(candidates, *rowLoop);
  if (!mLoops.empty())
    outer.append(mLoops);
  lines = findLines();
  if (root.alongSum)
    exchangeRoles();
  if (rowLoop)
    tile = root.alongSum ? panelTile() : tileAlong(rowLoop);
  nextRows = findNextRows(outer);
  // Two vectors of multiply-adds a cycle, some 3 GHz; B comes from the second-level cache or beyond.
  Work work = Work::ofLoops(op.getStaticLoopRanges(), 150.0 / lanes);
  work += Work::ofLoops(cast<ShapedType>(op.getDpsInputs()[root.b].getType()).getShape(), 75);
  auto level = root.alongSum || root.sumLoop ? std::nullopt : cutsDepth(outer);
  kb.leastRows = leastRows();
  if (kb.divides(work)) {
    // Cut between tiles, every row is computed as it would be without threads.
    auto rows = [&] {
      auto [from, to] = kb.share(countUnits(outer), work);
      ifLess(from, to, [&, from = from, to = to] {
        level ? emitDepth(*level, outer, from, to) : overUnits(outer, from, to, [&](Value first, Value last) { emitRows(first, last); });
      });
    };
    // A batch of one has but one row.
    bool dynamic = rowLoop && ShapedType::isDynamic(extents[*rowLoop]);
    sharesRow = dynamic && outer.empty() && streams() && !isNarrow();
    bool sharesColumns = rowLoop && outer.empty() && !level && !root.alongSum && !root.sumLoop && (sharesRow || !dynamic) && (columnsFirst() || packs());
    auto several = [&] { sharesColumns ? shareColumns(work) : rows(); };
    sharesRow ? kb.ifThenElse(kb.equal(kb.batch, kb.index(1)), [&] { shareRows({kb.index(0), Value()}, work); }, several) : several();
  } else if (level) {
    emitDepth(*level, outer, kb.index(0), countUnits(outer));
  } else {
    emitOuter(outer, [&] { emitRows(kb.index(0), kb.extent(rowLoop ? extents[*rowLoop] : 1)); });
  }
  return success();
}

Value ContractionEmitter::countUnits(ArrayRef<unsigned> loops) {
  Value count = rowLoop ? kb.ceilDiv(kb.extent(extents[*rowLoop]), kb.index(tile.rows)) : kb.index(1);
  for (unsigned loop : loops)
    count = kb.b.createOrFold<arith::MulIOp>(kb.loc, count, kb.extent(extents[loop]));
  return count;
}

void ContractionEmitter::overUnits(ArrayRef<unsigned> loops, Value from, Value to, llvm::function_ref<void(Value from, Value to)> body) {
  SmallVector<int64_t> grid;
  for (unsigned loop : loops)
    grid.push_back(extents[loop]);
  Value rows = kb.extent(rowLoop ? extents[*rowLoop] : 1);
  overTiles(grid, countUnits({}), from, to, [&](ArrayRef<Value> position, Value first, Value last) {
    for (auto [loop, iv] : llvm::zip_equal(loops, position))
      ivs[loop] = iv;
    body(kb.mul(first, tile.rows), kb.min(kb.mul(last, tile.rows), rows));
  });
  for (unsigned loop : loops)
    ivs[loop] = nullptr;
}

void ContractionEmitter::overTiles(ArrayRef<int64_t> grid, Value tiles, Value from, Value to,
                                   llvm::function_ref<void(ArrayRef<Value> position, Value first, Value last)> body) {
  if (grid.empty())
    return body({}, from, to);
  Value first = kb.b.createOrFold<arith::DivUIOp>(kb.loc, from, tiles), last = kb.ceilDiv(to, tiles);
  kb.overGrid(grid, first, last, [&](Value at, ArrayRef<Value> position) {
    Value before = kb.b.createOrFold<arith::MulIOp>(kb.loc, at, tiles);
    body(position, kb.sub(kb.max(from, before), before), kb.min(kb.sub(to, before), tiles));
  });
}

void ContractionEmitter::ifLess(Value x, Value y, llvm::function_ref<void()> body) {
  kb.ifThen(kb.b.createOrFold<arith::CmpIOp>(kb.loc, arith::CmpIPredicate::ult, x, y), body);
}

void ContractionEmitter::shareColumns(Work work) {
  using Range = KernelBuilder::Range;
  bool streamed = ShapedType::isDynamic(extents[*rowLoop]);
  int64_t n = extents[vectorLoop], width = tile.vectors * lanes, strips = llvm::divideCeil(n, width);
  Value rows = kb.extent(extents[*rowLoop]), end = streamed ? rowsInTiles() : rows, tiles = kb.ceilDiv(end, kb.index(tile.rows));
  auto columnsOf = [&](Value from, Value to) { return Range{kb.mul(from, width), kb.min(kb.mul(to, width), kb.index(n))}; };
  // A tile counts as many units as it has vectors: the last strip may have fewer.
  int64_t nVectors = llvm::divideCeil(n, lanes), lastVectors = nVectors - (strips - 1) * tile.vectors;
  auto byTiles = [&](llvm::function_ref<void(Range rows, Range columns)> body) {
    auto [from, to] = kb.share(kb.mul(tiles, nVectors), work);
    ifLess(from, to, [&, from = from, to = to] {
      overTiles({strips}, kb.mul(tiles, tile.vectors), from, to, [&](ArrayRef<Value> strip, Value first, Value last) {
        Value isLast = kb.equal(strip[0], kb.index(strips - 1));
        Value vectors = kb.b.createOrFold<arith::SelectOp>(kb.loc, isLast, kb.index(lastVectors), kb.index(tile.vectors));
        auto rowOf = [&](Value unit) { return kb.min(kb.mul(kb.b.createOrFold<arith::DivUIOp>(kb.loc, unit, vectors), tile.rows), end); };
        body({rowOf(first), rowOf(last)}, columnsOf(strip[0], kb.add(strip[0], 1)));
      });
    });
  };
  // Of few rows, B goes by once.
  auto byStrips = [&] {
    auto [from, to] = kb.share(kb.index(strips), work);
    emitBlocks({kb.index(0), end}, columnsOf(from, to), /*depthFirst=*/true);
  };
  auto inBlocks = [&] { ofRowCount([&] { byTiles([&](Range rows, Range columns) { emitBlocks(rows, columns, /*depthFirst=*/false); }); }, byStrips); };
  auto inPlace = [&] {
    byTiles([&](Range range, Range columns) {
      overColumnTiles(tile.vectors, columns, [&](Value column, int64_t vectors, Lanes last) {
        overRowTiles(tile.rows, range.from, range.to, [&](int64_t rows, Value row) { emitTile(rows, row, column, vectors, last); }, streamed);
      });
    });
  };
  // What does not stay in one cache may stay in those of several threads.
  if (!packs())
    inPlace();
  else if (columnsFirst() && isLargeTogether())
    kb.ifThenElse(fitsCaches(), inPlace, inBlocks);
  else
    inBlocks();
  if (streamed)
    ifLess(end, rows, [&] { shareRows({end, rows}, work); });
}

void ContractionEmitter::emitOuter(ArrayRef<unsigned> loops, llvm::function_ref<void()> body) {
  if (loops.empty())
    return body();
  kb.loop(kb.index(0), kb.extent(extents[loops[0]]), 1, [&](Value iv) {
    ivs[loops[0]] = iv;
    emitOuter(loops.drop_front(), body);
  });
  ivs[loops[0]] = nullptr;
}

void ContractionEmitter::emitRows(Value from, Value to) {
  if (root.alongSum)
    return emitPanels(from, to);
  if (root.sumLoop)
    return emitLanes(from, to);
  int64_t nVectors = llvm::divideCeil(extents[vectorLoop], lanes);
  if (!rowLoop)
    return emitSingleRow(from, nVectors);
  bool dynamic = ShapedType::isDynamic(extents[*rowLoop]), streamed = dynamic && streams();
  auto rowwise = [&](Value end) {
    auto tiles = [&](int64_t rows, Value row) {
      rows == 1 ? emitSingleRow(row, nVectors)
                : overColumnTiles(tile.vectors, [&](Value column, int64_t vectors, Lanes last) { emitTile(rows, row, column, vectors, last); });
    };
    overRowTiles(tile.rows, from, end, tiles, streamed);
  };
  auto columnwise = [&](Value end) {
    overColumnTiles(tile.vectors, [&](Value column, int64_t vectors, Lanes last) {
      overRowTiles(tile.rows, from, end, [&](int64_t rows, Value row) { emitTile(rows, row, column, vectors, last); }, streamed);
    });
  };
  bool columns = columnsFirst(), blocks = packs();
  auto inTiles = [&](Value end) { columns ? columnwise(end) : rowwise(end); };
  auto inBlocks = [&](Value end) {
    auto inOrder = [&](bool depthFirst) { emitBlocks({from, end}, {kb.index(0), kb.index(extents[vectorLoop])}, depthFirst); };
    ofRowCount([&] { inOrder(false); }, [&] { inOrder(true); });
  };
  auto all = [&](Value end) { blocks ? inBlocks(end) : inTiles(end); };
  if (!dynamic)
    return all(to);
  if (streamed) {
    Value end = rowsInTiles(), rest = kb.max(from, end);
    auto rows = [&] {
      ifLess(from, end, [&] { all(kb.min(to, end)); });
      ifLess(rest, to, [&] { streamRows({rest, to}, {kb.index(0), kb.index(extents[vectorLoop])}); });
    };
    return sharesRow ? rows() : kb.ifThenElse(kb.equal(kb.batch, kb.index(1)), [&] { emitSingleRow(from, nVectors); }, rows);
  }
  if (!columns)
    return all(to);
  kb.ifThenElse(kb.equal(kb.batch, kb.index(1)), [&] { emitSingleRow(from, nVectors); }, [&] { all(to); });
}

bool ContractionEmitter::columnsFirst() {
  int64_t elementBytes = element.getIntOrFloatBitWidth() / 8, bytes = extents[vectorLoop] * elementBytes;
  for (unsigned k : kLoops) {
    bytes *= assumedExtent(k);
    if (bAccess.strides[k] * elementBytes % 1024 == 0)
      return false;
  }
  return bytes > columnwiseBytes;
}

void ContractionEmitter::overRowTiles(int64_t tileRows, Value from, Value to, llvm::function_ref<void(int64_t rows, Value row)> body, bool whole) {
  int64_t m = extents[*rowLoop];
  if (m == tileRows)
    return body(tileRows, from);
  if (whole)
    return kb.loop(from, to, tileRows, [&](Value row) { body(tileRows, row); });
  Value span = kb.b.createOrFold<arith::SubIOp>(kb.loc, to, from), zero = kb.index(0);
  Value rest = kb.b.createOrFold<arith::RemUIOp>(kb.loc, span, kb.index(tileRows));
  Value full = kb.b.createOrFold<arith::SubIOp>(kb.loc, to, rest);
  kb.loop(from, full, tileRows, [&](Value row) { body(tileRows, row); });
  auto unlessZero = [&](Value count, llvm::function_ref<void()> then) {
    if (matchPattern(count, m_Zero()))
      return;
    kb.ifThen(kb.b.createOrFold<arith::CmpIOp>(kb.loc, arith::CmpIPredicate::ne, count, zero), then);
  };
  if (!ShapedType::isDynamic(m)) {
    if (int64_t left = m % tileRows)
      unlessZero(rest, [&] { body(left, full); });
    return;
  }
  kb.overPowersOfTwo(full, rest, tileRows, [&](Value row, int64_t rows) { body(rows, row); });
}

void ContractionEmitter::overColumnTiles(int64_t tileVectors, llvm::function_ref<void(Value column, int64_t vectors, Lanes last)> body) {
  int64_t n = extents[vectorLoop], width = tileVectors * lanes, full = n / width * width;
  Lanes all{lanes, nullptr};
  if (full == width)
    body(kb.index(0), tileVectors, all);
  else if (full)
    kb.loop(kb.index(0), kb.index(full), width, [&](Value column) { body(column, tileVectors, all); });
  if (full < n) {
    int64_t rest = n - full, tail = rest % lanes;
    body(kb.index(full), llvm::divideCeil(rest, lanes), tail ? kb.partial(lanes, tail) : all);
  }
}

void ContractionEmitter::overColumnTiles(int64_t tileVectors, KernelBuilder::Range columns,
                                         llvm::function_ref<void(Value column, int64_t vectors, Lanes last)> body) {
  kb.overBlocks(columns, extents[vectorLoop], tileVectors * lanes, [&](Value column, int64_t length) {
    int64_t tail = length % lanes;
    body(column, llvm::divideCeil(length, lanes), tail ? kb.partial(lanes, tail) : Lanes{lanes, nullptr});
  });
}

LogicalResult emitContraction(KernelBuilder &builder, const passes::Contraction &root, ArrayRef<linalg::GenericOp> epilogue,
                              ValueRange yielded) {
  return ContractionEmitter(builder, root, epilogue, yielded).run();
}

} // namespace cornu::codegen
