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

Work ContractionEmitter::Winograd::workOf(double lanePs) { return Work::ofLoops(of.op.getStaticLoopRanges(), lanePs / of.lanes); }

KernelBuilder::Range ContractionEmitter::Winograd::shareOf(Value units, double lanePs) {
  Work work = workOf(lanePs);
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
    int64_t step = of.aAccess.strides[k];
    if (step == 1) {
      channel = k;
      continue;
    }
    (std::abs(step) == of.aAccess.strides[y] ? down : across) = {k, step < 0};
    of.ivs[k] = step < 0 ? kb.index(taps - 1) : Value();   // a window that looks backwards starts with its last tap
  }
  channels = of.extents[channel];
  int64_t filters = of.extents[of.vectorLoop], width = std::gcd<int64_t>(filters, 64);
  shape = dividingTile(mostTiles, width / of.lanes);
  // All of the transformed kernel, if it stays in the second-level cache; else a part of it at a time, U[product][channel][column].
  bool once = products * channels * filters * elementBytes <= kernelBytes;
  int64_t depth = once ? channels : std::min<int64_t>(channels, partBytes / (products * width * elementBytes)), kernelSize = products * apart(depth * width);
  int64_t most = (once ? nearBytes : 2 * blockBytes) / (products * (channels + width) * elementBytes);
  tiles = std::clamp<int64_t>(llvm::divideCeil(most, shape.rows), 1, mostTiles / shape.rows) * shape.rows;
  Value kernel = kb.scratch(of.element, (once ? filters / width : 1) * kernelSize);
  spread = kb.scratch(of.element, products * apart(tiles * channels));
  Value multiplied = kb.scratch(of.element, products * apart(tiles * width));   // M[product][tile][column]

  // Blocks of nearly one size, and at least one for each thread.
  constexpr double lanePs = 70;
  Value count = countTiles(), groups = kb.ceilDiv(count, kb.index(shape.rows)), blocks = kb.ceilDiv(groups, kb.index(tiles / shape.rows));
  if (kb.divides(workOf(lanePs)))
    blocks = kb.max(blocks, kb.parts);
  auto [from, to] = shareOf(blocks, lanePs);
  auto start = [&](Value number) {
    Value before = arith::DivUIOp::create(kb.b, kb.loc, kb.b.createOrFold<arith::MulIOp>(kb.loc, number, groups), blocks);
    return kb.min(kb.mul(before, shape.rows), count);
  };
  auto overColumns = [&](llvm::function_ref<void(Value u)> body) {
    kb.loop(kb.index(0), kb.index(filters), width, [&](Value column) {
      firstColumn = column;
      Value number = arith::DivUIOp::create(kb.b, kb.loc, column, kb.index(width));
      body(once ? kb.mul(number, kernelSize) : kb.index(0));
    });
  };
  if (once)
    overColumns([&](Value u) { spreadKernel(kernel, u, kb.index(0), kb.index(channels), width, depth); });
  kb.loop(from, to, 1, [&](Value number) {
    Value first = start(number), some = kb.sub(start(kb.add(number, 1)), first);
    overTiles(first, some, [&](Value tile) { spreadTile(tile); });
    overColumns([&](Value u) {
      auto sumUp = [&](Value firstK, Value lastK) {
        Value ahead = once ? Value() : nextPart(lastK, width);
        kb.loop(kb.index(0), kb.index(products), 1, [&](Value product) {
          Value matrix = kb.add(u, kb.mul(product, apart(depth * width))), to = kb.mul(product, apart(tiles * width));
          Value rows = kb.add(kb.mul(product, apart(tiles * channels)), firstK);
          kb.loop(kb.index(0), kb.index(width), shape.vectors * of.lanes, [&](Value column) {
            kb.overPieces(kb.index(0), some, shape.rows, [&](Value tile, int64_t count) {
              Value row = kb.add(rows, kb.mul(tile, channels));
              Value line = ahead ? kb.add(ahead, partOfTap(product, tile)) : Value();
              multiply(
                  count, kb.sub(lastK, firstK), [&](Value k, int64_t i) { return kb.load(spread, kb.add(kb.add(row, k), i * channels), 0, {0, nullptr}); },
                  [&](Value k, int64_t j) {
                    if (line && j == 0)
                      kb.prefetch(of.bBuffer.memref, kb.add(line, kb.mul(k, of.bAccess.strides[channel])), 2);
                    return kb.load(kernel, kb.add(kb.add(kb.add(matrix, column), kb.mul(k, width)), j * of.lanes), 1, all);
                  },
                  multiplied, kb.add(kb.add(to, column), kb.mul(tile, width)), width, /*add=*/depth < channels);
            });
          });
        });
      };
      if (once) {
        sumUp(kb.index(0), kb.index(channels));
      } else {
        if (depth < channels)
          clear(multiplied, products * apart(tiles * width));
        kb.loop(kb.index(0), kb.index(channels), depth, [&](Value firstK) {
          Value lastK = kb.min(kb.add(firstK, depth), kb.index(channels));
          spreadKernel(kernel, u, firstK, lastK, width, depth);
          sumUp(firstK, lastK);
        });
      }
      overTiles(first, some, [&](Value tile) { gatherTile(multiplied, tile, width); });
    });
  });
}

void ContractionEmitter::Winograd::spreadKernel(Value into, Value at, Value firstK, Value lastK, int64_t width, int64_t depth) {
  kb.loop(firstK, lastK, 1, [&](Value k) {
    Value row = kb.add(at, kb.mul(kb.sub(k, firstK), width));
    kb.loop(kb.index(0), kb.index(width), of.lanes, [&](Value offset) {
      SmallVector<Value> position(of.ivs);
      position[channel] = k;
      position[of.vectorLoop] = kb.add(firstColumn, offset);
      position[down.loop] = position[across.loop] = nullptr;
      Value from = kb.address(of.bAccess, position);
      Matrix<taps> g;
      for (int64_t i = 0; i < taps; ++i)
        for (int64_t j = 0; j < taps; ++j) {
          auto move = [&](const Direction &along, int64_t tap) { return (along.backwards ? taps - 1 - tap : tap) * of.bAccess.strides[along.loop]; };
          g[i][j] = kb.load(of.bBuffer.memref, kb.add(from, move(down, i) + move(across, j)), 1, all);
        }
      // G g G^T
      Value half = kb.constant(kb.b.getFloatAttr(of.element, 0.5), all);
      auto u = alongBoth<side>(g, [&](const std::array<Value, taps> &e) {
        auto halved = [&](Value value) { return arith::MulFOp::create(kb.b, kb.loc, value, half).getResult(); };
        Value ends = sum(e[0], e[2]);
        return std::array<Value, side>{e[0], halved(sum(ends, e[1])), halved(difference(ends, e[1])), e[2]};
      });
      storeProducts(u, into, kb.add(row, offset), apart(depth * width));
    });
  });
}

Value ContractionEmitter::Winograd::nextPart(Value lastK, int64_t width) {
  auto select = [&](Value condition, Value x, Value y) { return arith::SelectOp::create(kb.b, kb.loc, condition, x, y).getResult(); };
  Value isLast = kb.equal(lastK, kb.index(channels)), column = kb.add(firstColumn, width);
  Value wraps = kb.equal(column, kb.index(of.extents[of.vectorLoop]));
  SmallVector<Value> position(of.ivs);
  position[down.loop] = position[across.loop] = nullptr;
  position[channel] = select(isLast, kb.index(0), lastK);
  position[of.vectorLoop] = select(isLast, select(wraps, kb.index(0), column), firstColumn);
  return kb.address(of.bAccess, position);
}

Value ContractionEmitter::Winograd::partOfTap(Value product, Value tile) {
  Value tap = arith::DivUIOp::create(kb.b, kb.loc, kb.mul(product, taps * taps), kb.index(products)), row = kb.index(taps);
  Value i = arith::DivUIOp::create(kb.b, kb.loc, tap, row), j = arith::RemUIOp::create(kb.b, kb.loc, tap, row);
  Value at = kb.add(kb.mul(i, of.bAccess.strides[down.loop]), kb.mul(j, of.bAccess.strides[across.loop]));
  return kb.add(at, kb.mul(arith::DivUIOp::create(kb.b, kb.loc, tile, kb.index(shape.rows)), 64 / elementBytes));
}

void ContractionEmitter::Winograd::clear(Value memref, int64_t elements) {
  Value zero = kb.constant(kb.b.getFloatAttr(of.element, 0), all);
  kb.loop(kb.index(0), kb.index(elements), of.lanes, [&](Value at) { kb.store(zero, memref, at, 1, all); });
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

void ContractionEmitter::Winograd::multiply(int64_t rows, Value depth, llvm::function_ref<Value(Value, int64_t)> a, llvm::function_ref<Value(Value, int64_t)> b, Value sums,
                                            Value to, int64_t width, bool add) {
  auto address = [&](int64_t i, int64_t j) { return kb.add(to, i * width + j * of.lanes); };
  SmallVector<Value> accumulators;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < shape.vectors; ++j)
      accumulators.push_back(add ? kb.load(sums, address(i, j), 1, all) : kb.constant(kb.b.getFloatAttr(of.element, 0), all));
  auto loop = scf::ForOp::create(kb.b, kb.loc, kb.index(0), depth, kb.index(1), accumulators);
  {
    OpBuilder::InsertionGuard guard(kb.b);
    kb.b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> next(loop.getRegionIterArgs()), bs;
    for (int64_t j = 0; j < shape.vectors; ++j)
      bs.push_back(b(loop.getInductionVar(), j));
    for (int64_t i = 0; i < rows; ++i) {
      Value factor = kb.splat(a(loop.getInductionVar(), i), all);
      for (int64_t j = 0; j < shape.vectors; ++j)
        next[i * shape.vectors + j] = vector::FMAOp::create(kb.b, kb.loc, factor, bs[j], next[i * shape.vectors + j]);
    }
    scf::YieldOp::create(kb.b, kb.loc, next);
  }
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < shape.vectors; ++j)
      kb.store(loop.getResult(i * shape.vectors + j), sums, address(i, j), 1, all);
}

void ContractionEmitter::Winograd::gatherTile(Value multiplied, Value tile, int64_t columns) {
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
