#include "codegen/ContractionWinograd.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace cornu::codegen {

ContractionEmitter::Winograd::Winograd(ContractionEmitter &of)
    : of(of), kb(of.kb), all{of.lanes, nullptr}, elementBytes(of.element.getIntOrFloatBitWidth() / 8) {}

TileShape ContractionEmitter::Winograd::dividingTile(int64_t rows, int64_t vectors) {
  TileShape best = chooseTile(rows, vectors, rows, kb.target);
  while (vectors % best.vectors)
    --best.vectors;
  while (rows % best.rows)
    --best.rows;
  return best;
}

KernelBuilder::Range ContractionEmitter::Winograd::shareOf(Value units, double pointPs) {
  Work work = Work::ofLoops(of.op.getStaticLoopRanges(), pointPs);
  return kb.divides(work) ? kb.share(units, work) : KernelBuilder::Range{kb.index(0), units};
}

Value ContractionEmitter::Winograd::countTiles() {
  Value count = kb.index(llvm::divideCeil(of.extents[y], results) * llvm::divideCeil(of.extents[x], results));
  return sample ? kb.b.createOrFold<arith::MulIOp>(kb.loc, count, kb.extent(of.extents[*sample])) : count;
}

void ContractionEmitter::Winograd::emitConvolution() {
  SmallVector<unsigned> m(of.root.m);
  x = m.pop_back_val(), y = m.pop_back_val();
  if (!m.empty())
    sample = m.front();
  for (unsigned k : of.root.k) {
    if (of.aAccess.strides[k] == 1)
      channel = k;
    else if (of.aAccess.strides[k] < 0)
      of.ivs[k] = kb.index(of.extents[k] - 1);   // a window that looks backwards starts with its last tap
  }
  // U[column / width][product][channel][width]
  Value transformed = of.op.getDpsInputs()[passes::Contraction::transformedKernel];
  Buffer kernel = kb.buffers.lookup(transformed);
  int64_t width = cast<ShapedType>(transformed.getType()).getShape().back();
  channels = of.extents[channel];
  shape = dividingTile(mostTiles, width / of.lanes);
  int64_t columns = shape.vectors * of.lanes, most = blockBytes / (products * (channels + columns) * elementBytes);
  tiles = std::clamp<int64_t>(most / shape.rows, 1, mostTiles / shape.rows) * shape.rows;
  spread = kb.scratch(of.element, products * apart(tiles * channels));
  Value multiplied = kb.scratch(of.element, products * apart(tiles * columns));   // M[product][tile][column]

  Value count = countTiles();
  auto [from, to] = shareOf(kb.ceilDiv(count, kb.index(tiles)), 70.0 / of.lanes);
  kb.loop(from, to, 1, [&](Value number) {
    Value first = kb.mul(number, tiles), some = kb.min(kb.sub(count, first), kb.index(tiles));
    overTiles(first, some, [&](Value tile) { spreadTile(tile); });
    kb.loop(kb.index(0), kb.index(of.extents[of.vectorLoop]), columns, [&](Value column) {
      Value part = arith::DivUIOp::create(kb.b, kb.loc, column, kb.index(width)), within = arith::RemUIOp::create(kb.b, kb.loc, column, kb.index(width));
      Value u = kb.add(kb.mul(part, kernel.strides[0]), within);
      kb.loop(kb.index(0), kb.index(products), 1, [&](Value product) {
        Value matrix = kb.add(u, kb.mul(product, kernel.strides[1]));
        // The last rows may lie beyond the tiles: nothing reads what comes of them.
        kb.loop(kb.index(0), some, shape.rows, [&](Value tile) {
          Value row = kb.add(kb.mul(product, apart(tiles * channels)), kb.mul(tile, channels));
          multiply(
              kb.index(channels), [&](Value k, int64_t i) { return kb.load(spread, kb.add(kb.add(row, k), i * channels), 0, {0, nullptr}); },
              [&](Value k, int64_t j) { return kb.load(kernel.memref, kb.add(kb.add(matrix, kb.mul(k, width)), j * of.lanes), 1, all); }, multiplied,
              kb.add(kb.mul(product, apart(tiles * columns)), kb.mul(tile, columns)), columns, /*add=*/false);
        });
      });
      firstColumn = column;
      overTiles(first, some, [&](Value tile) { gatherTile(multiplied, tile); });
    });
  });
}

void ContractionEmitter::Winograd::overTiles(Value first, Value count, llvm::function_ref<void(Value)> body) {
  kb.loop(kb.index(0), count, 1, [&](Value tile) {
    Value number = kb.add(first, tile);
    auto position = [&](unsigned loop) {
      Value extent = kb.index(llvm::divideCeil(of.extents[loop], results));
      of.ivs[loop] = kb.mul(arith::RemUIOp::create(kb.b, kb.loc, number, extent), results);
      number = arith::DivUIOp::create(kb.b, kb.loc, number, extent);
    };
    position(x);
    position(y);
    if (sample)
      of.ivs[*sample] = number;
    body(tile);
  });
}

void ContractionEmitter::Winograd::spreadTile(Value tile) {
  kb.loop(kb.index(0), kb.index(channels), of.lanes, [&](Value offset) {
    of.ivs[channel] = firstChannel ? kb.add(firstChannel, offset) : offset;
    Value from = kb.address(of.aAccess, of.ivs);
    of.ivs[channel] = nullptr;
    Matrix<side> d;
    for (int64_t i = 0; i < side; ++i)
      for (int64_t j = 0; j < side; ++j)
        d[i][j] = kb.load(of.aBuffer.memref, kb.add(from, i * of.aAccess.strides[y] + j * of.aAccess.strides[x]), 1, all);
    // B^T d B
    auto v = alongBoth<side>(d, [&](const std::array<Value, side> &e) {
      return std::array<Value, side>{difference(e[0], e[2]), sum(e[1], e[2]), difference(e[2], e[1]), difference(e[1], e[3])};
    });
    storeProducts(v, spread, kb.add(kb.mul(tile, channels), offset), apart(tiles * channels));
  });
}

ContractionEmitter::Winograd::Matrix<4> ContractionEmitter::Winograd::loadProducts(Value memref, Value at, int64_t distance) {
  Matrix<side> values;
  for (int64_t i = 0; i < side; ++i)
    for (int64_t j = 0; j < side; ++j)
      values[i][j] = kb.load(memref, kb.add(at, (i * side + j) * distance), 1, all);
  return values;
}

void ContractionEmitter::Winograd::storeProducts(const Matrix<side> &values, Value memref, Value at, int64_t distance) {
  for (int64_t i = 0; i < side; ++i)
    for (int64_t j = 0; j < side; ++j)
      kb.store(values[i][j], memref, kb.add(at, (i * side + j) * distance), 1, all);
}

void ContractionEmitter::Winograd::multiply(Value depth, llvm::function_ref<Value(Value, int64_t)> a, llvm::function_ref<Value(Value, int64_t)> b, Value sums, Value to,
                                            int64_t width, bool add) {
  auto address = [&](int64_t i, int64_t j) { return kb.add(to, i * width + j * of.lanes); };
  SmallVector<Value> accumulators;
  for (int64_t i = 0; i < shape.rows; ++i)
    for (int64_t j = 0; j < shape.vectors; ++j)
      accumulators.push_back(add ? kb.load(sums, address(i, j), 1, all) : kb.constant(kb.b.getFloatAttr(of.element, 0), all));
  auto loop = scf::ForOp::create(kb.b, kb.loc, kb.index(0), depth, kb.index(1), accumulators);
  {
    OpBuilder::InsertionGuard guard(kb.b);
    kb.b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> next(loop.getRegionIterArgs()), bs;
    for (int64_t j = 0; j < shape.vectors; ++j)
      bs.push_back(b(loop.getInductionVar(), j));
    for (int64_t i = 0; i < shape.rows; ++i) {
      Value factor = kb.splat(a(loop.getInductionVar(), i), all);
      for (int64_t j = 0; j < shape.vectors; ++j)
        next[i * shape.vectors + j] = vector::FMAOp::create(kb.b, kb.loc, factor, bs[j], next[i * shape.vectors + j]);
    }
    scf::YieldOp::create(kb.b, kb.loc, next);
  }
  for (int64_t i = 0; i < shape.rows; ++i)
    for (int64_t j = 0; j < shape.vectors; ++j)
      kb.store(loop.getResult(i * shape.vectors + j), sums, address(i, j), 1, all);
}

void ContractionEmitter::Winograd::gatherTile(Value multiplied, Value tile) {
  int64_t columns = shape.vectors * of.lanes;
  Value top = of.ivs[y], left = of.ivs[x];
  kb.loop(kb.index(0), kb.index(columns), of.lanes, [&](Value offset) {
    Matrix<side> m = loadProducts(multiplied, kb.add(kb.mul(tile, columns), offset), apart(tiles * columns));
    // A^T m A
    auto result = alongBoth<results>(m, [&](const std::array<Value, side> &e) {
      return std::array<Value, results>{sum(sum(e[0], e[1]), e[2]), difference(difference(e[1], e[2]), e[3])};
    });
    of.ivs[of.vectorLoop] = kb.add(firstColumn, offset);
    // The last tiles of an odd number of rows or columns end beyond them.
    auto within = [&](unsigned loop, llvm::function_ref<void()> body) {
      if (of.extents[loop] % results == 0)
        return body();
      kb.ifThen(arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ult, of.ivs[loop], kb.index(of.extents[loop])), body);
    };
    for (int64_t i = 0; i < results; ++i) {
      of.ivs[y] = kb.add(top, i);
      within(y, [&] {
        for (int64_t j = 0; j < results; ++j) {
          of.ivs[x] = kb.add(left, j);
          within(x, [&] { of.finish(result[i][j], Value(), 0, all); });
        }
      });
    }
    of.ivs[of.vectorLoop] = nullptr;
  });
}

} // namespace cornu::codegen
