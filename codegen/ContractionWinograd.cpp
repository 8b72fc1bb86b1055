// 3x3 convolutions by Winograd's F(2x2, 3x3) (see passes/lowering/Winograd.cpp). A block of tiles at a time: their 4x4 values are transformed into 16 matrices
// of tiles by channels, each of which is multiplied by its matrix of the transformed kernel, some columns at a time, and the 16 products of a tile become 2x2
// results, on which the epilogue runs. A block's matrices stay in the second-level cache.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

constexpr int64_t side = 4, products = side * side, results = 2;   // of a tile
constexpr int64_t blockBytes = 512 << 10;                          // of its matrices
constexpr int64_t mostTiles = 96;

struct Sums {
  KernelBuilder &kb;
  Value operator()(Value x, Value y) const { return arith::AddFOp::create(kb.b, kb.loc, x, y); }
  Value minus(Value x, Value y) const { return arith::SubFOp::create(kb.b, kb.loc, x, y); }
};

/// B^T d for one column or row d of a tile.
std::array<Value, 4> spread(Sums add, const std::array<Value, 4> &d) {
  return {add.minus(d[0], d[2]), add(d[1], d[2]), add.minus(d[2], d[1]), add.minus(d[1], d[3])};
}

/// A^T m for one column or row m of products.
std::array<Value, 2> gathered(Sums add, const std::array<Value, 4> &m) {
  return {add(add(m[0], m[1]), m[2]), add.minus(add.minus(m[1], m[2]), m[3])};
}

} // namespace

/// What the parts of the algorithm share.
struct ContractionEmitter::Winograd {
  std::optional<unsigned> sample;
  unsigned y, x, channel;
  int64_t tilesDown, tilesAcross, tiles, channels;
  Buffer kernel;                  ///< U[column / width][product][channel][width]
  int64_t width;
  Value spread, multiplied;       ///< V[product][tile][channel], M[product][tile][column]
  TileShape shape;
};

void ContractionEmitter::emitWinograd() {
  Winograd w{.y = root.m[root.m.size() - 2], .x = root.m.back()};
  if (root.m.size() > 2)
    w.sample = root.m.front();
  Value transformed = op.getDpsInputs()[passes::Contraction::transformedKernel];
  w.kernel = kb.buffers.lookup(transformed);
  w.width = cast<ShapedType>(transformed.getType()).getShape().back();
  for (unsigned k : root.k) {
    if (aAccess.strides[k] == 1)
      w.channel = k;
    else if (aAccess.strides[k] < 0)
      ivs[k] = kb.index(extents[k] - 1);   // a window that looks backwards starts with its last tap
  }
  w.channels = extents[w.channel];
  w.tilesDown = llvm::divideCeil(extents[w.y], results), w.tilesAcross = llvm::divideCeil(extents[w.x], results);
  int64_t elementBytes = element.getIntOrFloatBitWidth() / 8, image = w.tilesDown * w.tilesAcross;
  w.shape = chooseTile(mostTiles, w.width / lanes, mostTiles, kb.target);
  int64_t columns = w.shape.vectors * lanes, most = blockBytes / (products * (w.channels + columns) * elementBytes);
  w.tiles = std::clamp<int64_t>(most / w.shape.rows, 1, mostTiles / w.shape.rows) * w.shape.rows;
  w.spread = kb.scratch(element, products * w.tiles * w.channels);
  w.multiplied = kb.scratch(element, products * w.tiles * columns);

  Value count = kb.index(image);
  if (w.sample)
    count = kb.b.createOrFold<arith::MulIOp>(kb.loc, count, kb.extent(extents[*w.sample]));
  Value blocks = kb.ceilDiv(count, kb.index(w.tiles)), from = kb.index(0), to = blocks;
  if (Work work = Work::ofLoops(op.getStaticLoopRanges(), 70.0 / lanes); kb.divides(work)) {
    auto share = kb.share(blocks, work);
    from = share.from, to = share.to;
  }
  kb.loop(from, to, 1, [&](Value number) {
    Value first = kb.mul(number, w.tiles), tiles = kb.min(kb.sub(count, first), kb.index(w.tiles));
    overTiles(w, first, tiles, [&](Value tile) { spreadTile(w, tile); });
    kb.loop(kb.index(0), kb.index(extents[vectorLoop]), columns, [&](Value column) {
      kb.loop(kb.index(0), kb.index(products), 1, [&](Value product) { multiply(w, product, tiles, column); });
      overTiles(w, first, tiles, [&](Value tile) { gatherTile(w, tile, column); });
    });
  });
}

void ContractionEmitter::overTiles(const Winograd &w, Value first, Value count, llvm::function_ref<void(Value)> body) {
  kb.loop(kb.index(0), count, 1, [&](Value tile) {
    Value number = kb.add(first, tile), across = kb.index(w.tilesAcross), down = kb.index(w.tilesDown);
    ivs[w.x] = kb.mul(arith::RemUIOp::create(kb.b, kb.loc, number, across), results);
    Value rest = arith::DivUIOp::create(kb.b, kb.loc, number, across);
    ivs[w.y] = kb.mul(arith::RemUIOp::create(kb.b, kb.loc, rest, down), results);
    if (w.sample)
      ivs[*w.sample] = arith::DivUIOp::create(kb.b, kb.loc, rest, down);
    body(tile);
  });
}

void ContractionEmitter::spreadTile(const Winograd &w, Value tile) {
  Lanes all{lanes, nullptr};
  Sums add{kb};
  kb.loop(kb.index(0), kb.index(w.channels), lanes, [&](Value channel) {
    ivs[w.channel] = channel;
    Value from = kb.address(aAccess, ivs);
    ivs[w.channel] = nullptr;
    std::array<std::array<Value, side>, side> columns, rows;
    for (int64_t j = 0; j < side; ++j) {
      std::array<Value, side> d;
      for (int64_t i = 0; i < side; ++i)
        d[i] = kb.load(aBuffer.memref, kb.add(from, i * aAccess.strides[w.y] + j * aAccess.strides[w.x]), 1, all);
      columns[j] = spread(add, d);
    }
    Value to = kb.add(kb.mul(tile, w.channels), channel);
    for (int64_t i = 0; i < side; ++i) {
      rows[i] = spread(add, {columns[0][i], columns[1][i], columns[2][i], columns[3][i]});
      for (int64_t j = 0; j < side; ++j)
        kb.store(rows[i][j], w.spread, kb.add(to, (i * side + j) * w.tiles * w.channels), 1, all);
    }
  });
}

void ContractionEmitter::multiply(const Winograd &w, Value product, Value tiles, Value column) {
  Lanes all{lanes, nullptr};
  int64_t vectors = w.shape.vectors, width = vectors * lanes;
  Value part = arith::DivUIOp::create(kb.b, kb.loc, column, kb.index(w.width)), within = arith::RemUIOp::create(kb.b, kb.loc, column, kb.index(w.width));
  Value kernel = kb.add(kb.add(kb.mul(part, w.kernel.strides[0]), kb.mul(product, w.kernel.strides[1])), within), zero = kb.constant(kb.b.getFloatAttr(element, 0), all);
  int64_t rows = w.shape.rows;
  // The last rows may lie beyond the tiles: nothing reads what comes of them.
  kb.loop(kb.index(0), tiles, rows, [&](Value tile) {
    Value at = kb.add(kb.mul(product, w.tiles), tile), from = kb.mul(at, w.channels), to = kb.mul(at, width);
    auto loop = scf::ForOp::create(kb.b, kb.loc, kb.index(0), kb.index(w.channels), kb.index(1), SmallVector<Value>(rows * vectors, zero));
    {
      OpBuilder::InsertionGuard guard(kb.b);
      kb.b.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> sums(loop.getRegionIterArgs()), bs;
      Value b = kb.add(kernel, kb.mul(loop.getInductionVar(), w.width)), a = kb.add(from, loop.getInductionVar());
      for (int64_t j = 0; j < vectors; ++j)
        bs.push_back(kb.load(w.kernel.memref, kb.add(b, j * lanes), 1, all));
      for (int64_t i = 0; i < rows; ++i) {
        Value x = kb.splat(kb.load(w.spread, kb.add(a, i * w.channels), 0, {0, nullptr}), all);
        for (int64_t j = 0; j < vectors; ++j)
          sums[i * vectors + j] = vector::FMAOp::create(kb.b, kb.loc, x, bs[j], sums[i * vectors + j]);
      }
      scf::YieldOp::create(kb.b, kb.loc, sums);
    }
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < vectors; ++j)
        kb.store(loop.getResult(i * vectors + j), w.multiplied, kb.add(to, i * width + j * lanes), 1, all);
  });
}

void ContractionEmitter::gatherTile(const Winograd &w, Value tile, Value column) {
  Lanes all{lanes, nullptr};
  Sums add{kb};
  int64_t width = w.shape.vectors * lanes;
  Value top = ivs[w.y], left = ivs[w.x];
  kb.loop(kb.index(0), kb.index(width), lanes, [&](Value offset) {
    Value from = kb.add(kb.mul(tile, width), offset);
    std::array<std::array<Value, results>, side> columns;
    for (int64_t j = 0; j < side; ++j) {
      std::array<Value, side> m;
      for (int64_t i = 0; i < side; ++i)
        m[i] = kb.load(w.multiplied, kb.add(from, (i * side + j) * w.tiles * width), 1, all);
      columns[j] = gathered(add, m);
    }
    ivs[vectorLoop] = kb.add(column, offset);
    // The last tiles of an odd number of rows or columns end beyond them.
    auto within = [&](unsigned loop, llvm::function_ref<void()> body) {
      if (extents[loop] % results == 0)
        return body();
      kb.ifThen(arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ult, ivs[loop], kb.index(extents[loop])), body);
    };
    for (int64_t i = 0; i < results; ++i) {
      std::array<Value, results> y = gathered(add, {columns[0][i], columns[1][i], columns[2][i], columns[3][i]});
      ivs[w.y] = kb.add(top, i);
      within(w.y, [&] {
        for (int64_t j = 0; j < results; ++j) {
          ivs[w.x] = kb.add(left, j);
          within(w.x, [&] { finish(y[j], Value(), 0, all); });
        }
      });
    }
    ivs[vectorLoop] = nullptr;
  });
}

} // namespace cornu::codegen
