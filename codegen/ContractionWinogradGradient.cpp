#include "codegen/ContractionWinograd.h"

using namespace mlir;

namespace cornu::codegen {

void ContractionEmitter::Winograd::emitGradient() {
  // Loops of the result: the taps along y and x, channels, columns; those summed over: images, and the positions of the cotangents.
  SmallVector<unsigned> k(of.root.k);
  x = k.pop_back_val(), y = k.pop_back_val();
  if (!k.empty())
    sample = k.front();
  channel = of.root.m.back();
  // As few transforms as the sums of a block have room for, but units enough for some threads.
  constexpr int64_t fewestUnits = 4;
  int64_t columns = std::gcd<int64_t>(of.extents[of.vectorLoop], 64), parts = of.extents[of.vectorLoop] / columns;
  channels = std::gcd<int64_t>(of.extents[channel], of.extents[channel] / 64 * parts < fewestUnits ? 32 : 64);
  shape = dividingTile(channels, columns / of.lanes);
  int64_t matrix = products * channels * columns;
  tiles = std::clamp<int64_t>((3 * blockBytes / 2 / elementBytes - matrix) / (products * (channels + columns)), 1, mostTiles);
  spread = kb.scratch(of.element, products * apart(tiles * channels));
  Value cotangents = kb.scratch(of.element, products * apart(tiles * columns)), sums = kb.scratch(of.element, products * apart(channels * columns));

  Value count = countTiles();
  auto [from, to] = shareOf(kb.index(of.extents[channel] / channels * parts), /*lanePs=*/80);
  kb.loop(from, to, 1, [&](Value unit) {
    firstChannel = kb.mul(arith::DivUIOp::create(kb.b, kb.loc, unit, kb.index(parts)), channels);
    firstColumn = kb.mul(arith::RemUIOp::create(kb.b, kb.loc, unit, kb.index(parts)), columns);
    clear(sums, products * apart(channels * columns));
    kb.loop(kb.index(0), count, tiles, [&](Value first) {
      Value some = kb.min(kb.sub(count, first), kb.index(tiles));
      overTiles(first, some, [&](Value tile) {
        spreadTile(tile);
        spreadCotangents(cotangents, tile, columns);
      });
      kb.loop(kb.index(0), kb.index(products), 1, [&](Value product) {
        Value a = kb.mul(product, apart(tiles * channels)), b = kb.mul(product, apart(tiles * columns)), start = kb.mul(product, apart(channels * columns));
        kb.loop(kb.index(0), kb.index(channels), shape.rows, [&](Value row) {
          kb.loop(kb.index(0), kb.index(columns), shape.vectors * of.lanes, [&](Value column) {
            multiply(
                shape.rows, some, [&](Value tile, int64_t i) { return kb.load(spread, kb.add(kb.add(kb.add(a, row), kb.mul(tile, channels)), i), 0, {0, nullptr}); },
                [&](Value tile, int64_t j) { return kb.load(cotangents, kb.add(kb.add(kb.add(b, column), kb.mul(tile, columns)), j * of.lanes), 1, all); }, sums,
                kb.add(kb.add(start, kb.mul(row, columns)), column), columns, /*add=*/true);
          });
        });
      });
    });
    finishKernel(sums, columns);
  });
}

void ContractionEmitter::Winograd::spreadCotangents(Value into, Value tile, int64_t columns) {
  Value top = of.ivs[y], left = of.ivs[x];
  // Beyond an odd number of rows or columns there is nothing.
  Value inside[results][results];
  for (int64_t i = 0; i < results; ++i)
    for (int64_t j = 0; j < results; ++j) {
      auto within = [&](unsigned loop, Value at) -> Value {
        if (of.extents[loop] % results == 0)
          return {};
        return arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ult, at, kb.index(of.extents[loop]));
      };
      Value down = i ? within(y, kb.add(top, i)) : Value(), across = j ? within(x, kb.add(left, j)) : Value();
      inside[i][j] = down && across ? arith::AndIOp::create(kb.b, kb.loc, down, across).getResult() : down ? down : across;
    }
  kb.loop(kb.index(0), kb.index(columns), of.lanes, [&](Value offset) {
    of.ivs[of.vectorLoop] = kb.add(firstColumn, offset);
    Value from = kb.address(of.bAccess, of.ivs);
    of.ivs[of.vectorLoop] = nullptr;
    Matrix<results> d;
    for (int64_t i = 0; i < results; ++i)
      for (int64_t j = 0; j < results; ++j) {
        Lanes width = all;
        if (inside[i][j])
          width = kb.partial(of.lanes, arith::SelectOp::create(kb.b, kb.loc, inside[i][j], kb.index(of.lanes), kb.index(0)).getResult());
        d[i][j] = kb.load(of.bBuffer.memref, kb.add(from, i * of.bAccess.strides[y] + j * of.bAccess.strides[x]), 1, width);
      }
    // A d A^T
    auto w = alongBoth<side>(d, [&](const std::array<Value, results> &e) {
      return std::array<Value, side>{e[0], sum(e[0], e[1]), difference(e[0], e[1]), arith::NegFOp::create(kb.b, kb.loc, e[1])};
    });
    storeProducts(w, into, kb.add(kb.mul(tile, columns), offset), apart(tiles * columns));
  });
}

void ContractionEmitter::Winograd::finishKernel(Value sums, int64_t columns) {
  unsigned row = of.root.m[0], column = of.root.m[1];
  Value turned = kb.scratch(of.element, taps * taps * of.lanes), half = kb.constant(kb.b.getFloatAttr(of.element, 0.5), all);
  kb.loop(kb.index(0), kb.index(channels), 1, [&](Value c) {
    kb.loop(kb.index(0), kb.index(columns), of.lanes, [&](Value offset) {
      Matrix<side> m = loadProducts(sums, kb.add(kb.mul(c, columns), offset), apart(channels * columns));
      // G^T m G
      auto g = alongBoth<taps>(m, [&](const std::array<Value, side> &e) {
        auto halved = [&](Value value) { return arith::MulFOp::create(kb.b, kb.loc, value, half).getResult(); };
        Value both = halved(sum(e[1], e[2]));
        return std::array<Value, taps>{sum(e[0], both), halved(difference(e[1], e[2])), sum(both, e[3])};
      });
      for (int64_t i = 0; i < taps; ++i)
        for (int64_t j = 0; j < taps; ++j)
          kb.store(g[i][j], turned, kb.index((i * taps + j) * of.lanes), 1, all);
      of.ivs[channel] = kb.add(firstChannel, c);
      of.ivs[of.vectorLoop] = kb.add(firstColumn, offset);
      kb.loop(kb.index(0), kb.index(taps), 1, [&](Value i) {
        of.ivs[row] = i;
        kb.loop(kb.index(0), kb.index(taps), 1, [&](Value j) {
          of.ivs[column] = j;
          of.finish(kb.load(turned, kb.mul(kb.add(kb.mul(i, taps), j), of.lanes), 1, all), Value(), 0, all);
        });
      });
      for (unsigned loop : {row, column, channel, of.vectorLoop})
        of.ivs[loop] = nullptr;
    });
  });
}

} // namespace cornu::codegen
