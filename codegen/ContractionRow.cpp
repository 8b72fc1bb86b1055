// Few rows times a large matrix, which is as fast as that matrix can be read: front to back and once, a few rows of it at a time, the sums in the first-level cache.
#include "codegen/ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

constexpr int64_t streamBytes = 64 << 10;    // a smaller matrix is near enough to be read again for each tile of rows
constexpr int64_t nearBytes = 32 << 10;      // stay in the first-level cache from turn to turn
constexpr int64_t streamedRows = 4;          // of B, side by side, in registers
constexpr int64_t streamedRowsForOne = 6;    // and those that a single row reads from memory, once: so its sums come and go less often
constexpr int64_t streamedSums = 8 << 10;    // 32 KB in f32
constexpr int64_t fewRows = 4;               // fewer rows than this are waiting for B

int64_t ContractionEmitter::streamedWidth() { return (kb.target.vectorRegisters >= 32 ? 4 : 2) * lanes; }

bool ContractionEmitter::streams() {
  int64_t k = extents[kLoops.back()];
  return kLoops.size() == 1 && edges.empty() && !ShapedType::isDynamic(k) && aAccess.strides[vectorLoop] == 0 && bAccess.strides[vectorLoop] == 1 &&
         (!rowLoop || bAccess.strides[*rowLoop] == 0) && bAccess.strides[kLoops[0]] == extents[vectorLoop] &&
         k * extents[vectorLoop] * element.getIntOrFloatBitWidth() / 8 > streamBytes;
}

bool ContractionEmitter::turnsBack(int64_t rows) {
  int64_t k = extents[kLoops.back()];
  return kb.turn && rows < fewRows && kLoops.size() == 1 && !ShapedType::isDynamic(k) && !block && edges.empty() && !root.alongSum &&
         bAccess.strides[vectorLoop] == 1 && k * extents[vectorLoop] * element.getIntOrFloatBitWidth() / 8 > nearBytes;
}

Value ContractionEmitter::turned(Value i, int64_t end, int64_t steps) {
  Value odd = arith::AndIOp::create(kb.b, kb.loc, kb.turn, kb.index(1));
  Value back = arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ne, odd, kb.index(0));
  auto select = [&](int64_t inOdd, int64_t inEven) { return arith::SelectOp::create(kb.b, kb.loc, back, kb.index(inOdd), kb.index(inEven)).getResult(); };
  return kb.add(select(end - steps, 0), arith::MulIOp::create(kb.b, kb.loc, i, select(-1, 1)));
}

double ContractionEmitter::streamCost(int64_t rest, int64_t rows) {
  // Measured: B goes by once more, which is as long as four multiply-adds for each vector of it from the second-level cache, and a multiply-add takes twice as long.
  int64_t streamed = rest < fewRows ? rest + rows : rest;
  return static_cast<double>(llvm::divideCeil(extents[vectorLoop], lanes) * (4 + 2 * streamed));
}

bool ContractionEmitter::isNarrow() { return extents[vectorLoop] <= 8 * lanes; }

void ContractionEmitter::emitSingleRow(Value row, int64_t nVectors) {
  if (streams() && !isNarrow())
    streamRows({row, Value()}, {kb.index(0), kb.index(extents[vectorLoop])});
  else
    overColumnTiles(tileAlong(std::nullopt).vectors,
                    [&](Value column, int64_t vectors, Lanes last) { emitTile(1, row, column, vectors, last); });
}

void ContractionEmitter::shareRows(KernelBuilder::Range rows, Work work) {
  int64_t n = extents[vectorLoop], width = streamedWidth();
  auto [from, to] = kb.share(kb.index(llvm::divideCeil(n, width)), work);
  streamRows(rows, {kb.mul(from, width), kb.min(kb.mul(to, width), kb.index(n))});
}

Value ContractionEmitter::rowsInTiles() {
  Value rows = kb.extent(extents[*rowLoop]), size = kb.index(tile.rows), zero = kb.index(0);
  Value rest = arith::RemUIOp::create(kb.b, kb.loc, rows, size), whole = kb.sub(rows, rest);
  auto is = [&](arith::CmpIPredicate predicate, Value x, Value y) { return arith::CmpIOp::create(kb.b, kb.loc, predicate, x, y).getResult(); };
  // Too few to keep up with B take a tile's rows along.
  Value few = arith::AndIOp::create(kb.b, kb.loc, is(arith::CmpIPredicate::ne, rest, zero), is(arith::CmpIPredicate::ult, rest, kb.index(fewRows)));
  Value along = arith::SelectOp::create(kb.b, kb.loc, few, size, zero);
  return kb.sub(whole, kb.min(along, whole));
}

void ContractionEmitter::streamRows(KernelBuilder::Range rows, KernelBuilder::Range columns) {
  unsigned k = kLoops[0];
  int64_t n = extents[vectorLoop], width = streamedWidth(), depth = extents[k];
  bool single = !rows.to;
  Lanes all{lanes, nullptr};
  Value zero = kb.constant(kb.b.getFloatAttr(element, 0), all), count = single ? kb.index(1) : kb.sub(rows.to, rows.from);
  Value several = single ? Value() : arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ugt, count, kb.index(2)).getResult();
  Value sums = kb.scratch(element, streamedSums);
  // As many columns at a time as there is room for the sums of.
  Value room = kb.mul(kb.b.createOrFold<arith::DivUIOp>(kb.loc, kb.index(streamedSums / width), count), width);
  auto at = [&](Value row, llvm::function_ref<void()> body) {
    if (rowLoop)
      ivs[*rowLoop] = row;
    body();
    if (rowLoop)
      ivs[*rowLoop] = nullptr;
  };
  kb.loop(columns.from, columns.to, room, [&](Value firstColumn) {
    KernelBuilder::Range panel{firstColumn, kb.min(kb.add(firstColumn, room), columns.to)};
    // Sums lie in the order in which they are visited.
    auto overRows = [&](Value column, llvm::function_ref<void(Value sum)> body) {
      Value start = kb.sub(column, firstColumn);
      if (single)
        return at(rows.from, [&] { body(start); });
      start = arith::MulIOp::create(kb.b, kb.loc, start, count);
      kb.loop(rows.from, rows.to, 1, [&](Value row) { at(row, [&] { body(kb.add(start, kb.mul(kb.sub(row, rows.from), width))); }); });
    };
    auto overColumns = [&](llvm::function_ref<void(Value column, ArrayRef<Lanes> vectors)> body) {
      kb.overBlocks(panel, n, width, [&](Value column, int64_t length) {
        SmallVector<Lanes> vectors(length / lanes, all);
        if (length % lanes)
          vectors.push_back(kb.partial(lanes, length % lanes));
        body(column, vectors);
      });
    };
    overColumns([&](Value column, ArrayRef<Lanes> vectors) {
      overRows(column, [&](Value sum) {
        for (size_t j = 0; j < vectors.size(); ++j)
          kb.store(zero, sums, kb.add(sum, j * lanes), 1, all);
      });
    });
    // Adds `steps` products to each sum.
    auto advance = [&](Value position, int64_t steps) {
      auto overSteps = [&](Value first, llvm::function_ref<void()> body) {
        for (int64_t s = 0; s < steps; ++s) {
          ivs[k] = kb.add(first, s);
          body();
        }
        ivs[k] = nullptr;
      };
      SmallVector<Value> as, bs;
      auto readA = [&] {
        as.clear();
        overSteps(position, [&] { as.push_back(kb.splat(kb.load(aBuffer.memref, kb.address(aAccess, ivs), 0, {0, nullptr}), all)); });
      };
      if (single)
        at(rows.from, readA);
      overColumns([&](Value column, ArrayRef<Lanes> vectors) {
        bs.clear();
        overSteps(position, [&] {
          Value start = kb.add(kb.address(bAccess, ivs), column);
          for (auto [j, real] : llvm::enumerate(vectors))
            bs.push_back(kb.load(bBuffer.memref, kb.add(start, j * lanes), 1, real));
        });
        // With several rows to multiply there is time to ask for what comes next.
        if (several)
          kb.ifThen(several, [&] {
            overSteps(kb.add(position, steps), [&] {
              Value start = kb.add(kb.address(bAccess, ivs), column);
              for (size_t j = 0; j < vectors.size(); ++j)
                kb.prefetch(bBuffer.memref, kb.add(start, j * lanes));
            });
          });
        overRows(column, [&](Value sum) {
          if (!single)
            readA();
          for (size_t j = 0; j < vectors.size(); ++j) {
            Value accumulator = kb.load(sums, kb.add(sum, j * lanes), 1, all);
            for (int64_t s = 0; s < steps; ++s)
              accumulator = vector::FMAOp::create(kb.b, kb.loc, as[s], bs[s * vectors.size() + j], accumulator);
            kb.store(accumulator, sums, kb.add(sum, j * lanes), 1, all);
          }
        });
      });
    };
    int64_t together = single ? streamedRowsForOne : streamedRows, whole = depth / together * together;
    if (whole)
      kb.loop(kb.index(0), kb.index(whole), together, [&](Value position) { advance(turnsBack(1) ? turned(position, whole, together) : position, together); });
    if (whole < depth)
      advance(kb.index(whole), depth - whole);
    kb.overBlocks(panel, n, lanes, [&](Value column, int64_t real) {
      Value within = arith::RemUIOp::create(kb.b, kb.loc, kb.sub(column, firstColumn), kb.index(width));
      overRows(kb.sub(column, within), [&](Value sum) {
        ivs[vectorLoop] = column;
        finish(kb.load(sums, kb.add(sum, within), 1, all), Value(), 0, real == lanes ? all : kb.partial(lanes, real));
        ivs[vectorLoop] = nullptr;
      });
    });
  });
}

} // namespace cornu::codegen
