// Contractions as register-blocked tiles: a tile of MR rows by NV vectors is accumulated in registers over the whole
// of K, then the epilogue runs on the accumulators before anything is stored (Goto and van de Geijn, "Anatomy of
// high-performance matrix multiplication", TOMS 2008, without packing, which does not pay at these sizes).
#include "codegen/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

constexpr int64_t assumedBatch = 32;   // extent the cost model takes for the batch
constexpr int64_t columnwiseBytes = 512 << 10;   // half a second-level cache: a larger matrix does not stay there from tile to tile
constexpr int64_t streamBytes = 128 << 10;   // a matrix larger than this is read row by row when there is but one row to multiply
constexpr int64_t streamedRows = 4;          // rows of it read side by side

struct TileShape {
  int64_t rows, vectors;
};

/// Cycles of one K step of a tile: multiply-adds, or loads (a broadcast costs half a vector load) where they are more.
double stepCost(int64_t rows, int64_t vectors) {
  return std::max<double>(rows * vectors, vectors + 0.5 * rows) + 0.5;
}

/// The tile that covers an M x N matrix (N in vectors) at the least cost within the register file.
TileShape chooseTile(int64_t m, int64_t nVectors, const Target &target) {
  TileShape best{1, 1};
  double bestCost = std::numeric_limits<double>::infinity();
  for (int64_t vectors = 1; vectors <= std::min<int64_t>(nVectors, m == 1 ? 16 : 8); ++vectors)
    for (int64_t rows = 1; rows <= std::min<int64_t>(m, 14); ++rows) {
      if (rows * vectors + vectors + 1 > target.vectorRegisters)
        continue;
      auto rowCost = [&](int64_t r) {
        double cost = (nVectors / vectors) * stepCost(r, vectors);
        return nVectors % vectors ? cost + stepCost(r, nVectors % vectors) : cost;
      };
      double cost = (m / rows) * rowCost(rows) + (m % rows ? rowCost(m % rows) : 0);
      if (cost < bestCost * 0.999) {
        bestCost = cost;
        best = {rows, vectors};
      }
    }
  return best;
}

/// Rough count of instructions of a scalar body.
int64_t bodyCost(linalg::GenericOp op) {
  int64_t cost = 0;
  for (Operation &inner : op.getBody()->without_terminator())
    cost += isa<math::MathDialect>(inner.getDialect()) && !isa<math::AbsFOp, math::SqrtOp, math::CopySignOp>(inner) ? 15 : 1;
  return cost;
}

class ContractionEmitter {
public:
  ContractionEmitter(KernelBuilder &kb, const passes::Contraction &root, ArrayRef<linalg::GenericOp> epilogue, ValueRange yielded)
      : kb(kb), root(root), op(root.op), epilogue(epilogue), ivs(op.getNumLoops()) {
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    aBuffer = kb.buffers.lookup(op.getDpsInputs()[root.a]);
    bBuffer = kb.buffers.lookup(op.getDpsInputs()[root.b]);
    aAccess = kb.access(aBuffer, maps[root.a]);
    bAccess = kb.access(bBuffer, maps[root.b]);
    extents = op.getStaticLoopRanges();
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

  LogicalResult run() {
    SmallVector<unsigned> outer(root.batch);
    outer.append(root.n.begin(), root.n.end() - 1);
    if (!root.m.empty()) {
      // The longest loop makes the rows of the tile.
      unsigned longest = root.m.back();
      for (unsigned m : root.m)
        if (ShapedType::isDynamic(extents[m]) ? !ShapedType::isDynamic(extents[longest]) && extents[longest] < assumedBatch
                                              : !ShapedType::isDynamic(extents[longest]) && extents[m] > extents[longest])
          longest = m;
      for (unsigned m : root.m)
        if (m != longest)
          outer.push_back(m);
      rowLoop = longest;
    }
    emitOuter(outer);
    return success();
  }

private:
  KernelBuilder &kb;
  const passes::Contraction &root;
  linalg::GenericOp op;
  ArrayRef<linalg::GenericOp> epilogue;
  SmallVector<Value> ivs;
  Buffer aBuffer, bBuffer;
  passes::Access aAccess, bAccess;
  SmallVector<int64_t> extents;
  unsigned vectorLoop = 0, lanes = 0;
  std::optional<unsigned> rowLoop;
  Type element;
  SmallVector<unsigned> resultLoops;
  llvm::SmallSetVector<Value, 4> stored;
  bool epilogueInMemory = false;
  DenseMap<std::pair<int64_t, int64_t>, Value> spills;

  void emitOuter(ArrayRef<unsigned> loops) {
    if (loops.empty())
      return emitRows();
    kb.loop(kb.index(0), kb.extent(extents[loops[0]]), 1, [&](Value iv) {
      ivs[loops[0]] = iv;
      emitOuter(loops.drop_front());
    });
  }

  /// Chooses the order of tiles. A matrix B that stays in the second-level cache is walked along for every tile of rows; a larger one is
  /// cut into columns, each of which stays there while all rows pass.
  void emitRows() {
    int64_t nVectors = llvm::divideCeil(extents[vectorLoop], lanes);
    Value zero = kb.index(0);
    if (!rowLoop)
      return emitSingleRow(zero, nVectors);
    int64_t m = extents[*rowLoop];
    bool dynamic = ShapedType::isDynamic(m);
    TileShape tile = chooseTile(dynamic ? assumedBatch : m, nVectors, kb.target);
    if (!columnsFirst())
      return overRowTiles(tile.rows, [&](int64_t rows, Value row) {
        rows == 1 ? emitSingleRow(row, nVectors)
                  : overColumnTiles(tile.vectors, [&](Value column, int64_t vectors, Lanes last) { emitTile(rows, row, column, vectors, last); });
      });
    auto columnwise = [&] {
      overColumnTiles(tile.vectors, [&](Value column, int64_t vectors, Lanes last) {
        overRowTiles(tile.rows, [&](int64_t rows, Value row) { emitTile(rows, row, column, vectors, last); });
      });
    };
    if (!dynamic)
      return columnwise();
    Value one = kb.index(1);
    kb.ifThen(arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::eq, kb.batch, one), [&] { emitSingleRow(zero, nVectors); });
    kb.ifThen(arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ne, kb.batch, one), columnwise);
  }

  /// True if B is too large to be read again for every tile of rows. Rows a power of two apart share few cache sets, so that not even a column of
  /// tiles would stay.
  bool columnsFirst() {
    int64_t elementBytes = element.getIntOrFloatBitWidth() / 8, bytes = extents[vectorLoop] * elementBytes;
    for (unsigned k : root.k) {
      bytes *= ShapedType::isDynamic(extents[k]) ? assumedBatch : extents[k];
      if (bAccess.strides[k] * elementBytes % 1024 == 0)
        return false;
    }
    return bytes > columnwiseBytes;
  }

  /// Calls `tile` with the number of rows and the first row of each tile.
  void overRowTiles(int64_t tileRows, llvm::function_ref<void(int64_t rows, Value row)> tile) {
    int64_t m = extents[*rowLoop];
    Value zero = kb.index(0);
    if (!ShapedType::isDynamic(m)) {
      int64_t full = m / tileRows * tileRows;
      kb.loop(zero, kb.index(full), tileRows, [&](Value row) { tile(tileRows, row); });
      if (full < m)
        tile(m - full, kb.index(full));
      return;
    }
    Value rest = arith::RemUIOp::create(kb.b, kb.loc, kb.batch, kb.index(tileRows));
    Value full = arith::SubIOp::create(kb.b, kb.loc, kb.batch, rest);
    kb.loop(zero, full, tileRows, [&](Value row) { tile(tileRows, row); });
    // What is left, as a sum of powers of two: few kernels, no masks on rows.
    Value row = full;
    for (int64_t rows = llvm::PowerOf2Ceil(tileRows) / 2; rows >= 1; rows /= 2) {
      Value bit = arith::AndIOp::create(kb.b, kb.loc, rest, kb.index(rows));
      Value on = arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::ne, bit, zero);
      kb.ifThen(on, [&] { tile(rows, row); });
      row = kb.add(row, bit);
    }
  }

  /// Calls `tile` with the first column, the number of vectors, and the lanes of the last vector of each tile.
  void overColumnTiles(int64_t tileVectors, llvm::function_ref<void(Value column, int64_t vectors, Lanes last)> tile) {
    int64_t n = extents[vectorLoop], width = tileVectors * lanes, full = n / width * width;
    Lanes all{lanes, nullptr};
    if (full == width)
      tile(kb.index(0), tileVectors, all);
    else if (full)
      kb.loop(kb.index(0), kb.index(full), width, [&](Value column) { tile(column, tileVectors, all); });
    if (full < n) {
      int64_t rest = n - full, tail = rest % lanes;
      tile(kb.index(full), llvm::divideCeil(rest, lanes), tail ? kb.partial(lanes, tail) : all);
    }
  }

  void emitSingleRow(Value row, int64_t nVectors) {
    int64_t k = extents[root.k.back()];
    bool streams = root.k.size() == 1 && !ShapedType::isDynamic(k) && bAccess.strides[root.k[0]] == extents[vectorLoop] &&
                   k * extents[vectorLoop] * element.getIntOrFloatBitWidth() / 8 > streamBytes;
    if (streams)
      streamRow(row);
    else
      overColumnTiles(chooseTile(1, nVectors, kb.target).vectors,
                      [&](Value column, int64_t vectors, Lanes last) { emitTile(1, row, column, vectors, last); });
  }

  /// One row times a large matrix is as fast as the matrix can be read: front to back, a few rows at a time, the sums in L1.
  void streamRow(Value row) {
    unsigned k = root.k[0];
    int64_t n = extents[vectorLoop], full = n / lanes * lanes;
    Lanes all{lanes, nullptr};
    if (rowLoop)
      ivs[*rowLoop] = row;
    Value sums = kb.scratch(element, llvm::alignTo(n, lanes));
    auto overColumns = [&](llvm::function_ref<void(Value, Lanes)> body) {
      constexpr int64_t unroll = 4;
      int64_t blocks = full / (unroll * lanes) * unroll * lanes;
      if (blocks)
        kb.loop(kb.index(0), kb.index(blocks), unroll * lanes, [&](Value column) {
          for (int64_t u = 0; u < unroll; ++u)
            body(kb.add(column, u * lanes), all);
        });
      for (int64_t column = blocks; column < full; column += lanes)
        body(kb.index(column), all);
      if (full < n)
        body(kb.index(full), kb.partial(lanes, n - full));
    };
    Value zero = kb.constant(kb.b.getFloatAttr(element, 0), all);
    overColumns([&](Value column, Lanes) { kb.store(zero, sums, column, 1, all); });
    auto overRows = [&](int64_t from, int64_t to, int64_t count) {
      if (from == to)
        return;
      kb.loop(kb.index(from), kb.index(to), count, [&](Value position) {
        SmallVector<Value> as, bases;
        for (int64_t r = 0; r < count; ++r) {
          ivs[k] = kb.add(position, r);
          as.push_back(kb.splat(kb.load(aBuffer.memref, kb.address(aAccess, ivs), 0, {0, nullptr}), all));
          bases.push_back(kb.address(bAccess, ivs));
        }
        ivs[k] = nullptr;
        overColumns([&](Value column, Lanes width) {
          Value sum = kb.load(sums, column, 1, all);
          for (int64_t r = 0; r < count; ++r)
            sum = vector::FMAOp::create(kb.b, kb.loc, as[r], kb.load(bBuffer.memref, kb.add(bases[r], column), 1, width), sum);
          kb.store(sum, sums, column, 1, all);
        });
      });
    };
    int64_t depth = extents[k], main = depth / streamedRows * streamedRows;
    overRows(0, main, streamedRows);
    overRows(main, depth, 1);
    auto finishAt = [&](Value column, Lanes width) {
      ivs[vectorLoop] = column;
      finish(kb.load(sums, column, 1, all), Value(), 0, width);
      ivs[vectorLoop] = nullptr;
    };
    if (full)
      kb.loop(kb.index(0), kb.index(full), lanes, [&](Value column) { finishAt(column, all); });
    if (full < n)
      finishAt(kb.index(full), kb.partial(lanes, n - full));
    if (rowLoop)
      ivs[*rowLoop] = nullptr;
  }

  void emitTile(int64_t rows, Value row, Value column, int64_t vectors, Lanes last) {
    if (rowLoop)
      ivs[*rowLoop] = row;
    ivs[vectorLoop] = column;
    prefetchEpilogue(rows, vectors);
    SmallVector<Value> accumulators = accumulate(rows, vectors, last);
    if (epilogueInMemory)
      epilogueThroughMemory(accumulators, rows, row, column, vectors, last);
    else
      epilogueInRegisters(accumulators, rows, row, column, vectors, last);
    if (rowLoop)
      ivs[*rowLoop] = nullptr;
    ivs[vectorLoop] = nullptr;
  }

  /// Σ_k A[row + i, k] * B[k, column + j * lanes …] for each accumulator (i, j).
  SmallVector<Value> accumulate(int64_t rows, int64_t vectors, Lanes last) {
    Lanes all{lanes, nullptr};
    // Enough independent chains to cover the latency of a multiply-add.
    int64_t tile = rows * vectors, sets = 1;
    while (sets * tile < 8 && sets < 4)
      sets *= 2;
    Value zero = kb.constant(kb.b.getFloatAttr(element, 0), all);
    SmallVector<Value> accumulators(tile * sets, zero);
    accumulators = overK(root.k, accumulators, rows, vectors, last, sets);
    for (int64_t set = 1; set < sets; ++set)
      for (int64_t t = 0; t < tile; ++t)
        accumulators[t] = arith::AddFOp::create(kb.b, kb.loc, accumulators[t], accumulators[set * tile + t]);
    accumulators.resize(tile);
    return accumulators;
  }

  SmallVector<Value> overK(ArrayRef<unsigned> loops, SmallVector<Value> accumulators, int64_t rows, int64_t vectors, Lanes last, int64_t sets) {
    unsigned k = loops[0];
    bool innermost = loops.size() == 1;
    auto run = [&](Value from, Value to, int64_t unroll) {
      auto loop = scf::ForOp::create(kb.b, kb.loc, from, to, kb.index(unroll), accumulators);
      OpBuilder::InsertionGuard guard(kb.b);
      kb.b.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> carried(loop.getRegionIterArgs());
      if (innermost) {
        for (int64_t set = 0; set < unroll; ++set) {
          ivs[k] = kb.add(loop.getInductionVar(), set);
          step(MutableArrayRef(carried).slice(set * rows * vectors, rows * vectors), rows, vectors, last);
        }
      } else {
        ivs[k] = loop.getInductionVar();
        carried = overK(loops.drop_front(), carried, rows, vectors, last, sets);
      }
      ivs[k] = nullptr;
      scf::YieldOp::create(kb.b, kb.loc, carried);
      accumulators.assign(loop.result_begin(), loop.result_end());
    };
    Value zero = kb.index(0), end = kb.extent(extents[k]);
    if (!innermost || sets == 1) {
      run(zero, end, 1);
      return accumulators;
    }
    Value rest = arith::RemUIOp::create(kb.b, kb.loc, end, kb.index(sets));
    Value split = arith::SubIOp::create(kb.b, kb.loc, end, rest);
    run(zero, split, sets);
    if (ShapedType::isDynamic(extents[k]) || extents[k] % sets)
      run(split, end, 1);
    return accumulators;
  }

  /// One multiply-add per accumulator. ivs holds the position in K.
  void step(MutableArrayRef<Value> accumulators, int64_t rows, int64_t vectors, Lanes last) {
    Lanes all{lanes, nullptr};
    Value bBase = kb.address(bAccess, ivs), aBase = kb.address(aAccess, ivs);
    SmallVector<Value> bs;
    for (int64_t j = 0; j < vectors; ++j)
      bs.push_back(kb.load(bBuffer.memref, kb.add(bBase, j * lanes), 1, j + 1 == vectors ? last : all));
    int64_t rowStride = rowLoop ? aAccess.strides[*rowLoop] : 0;
    for (int64_t i = 0; i < rows; ++i) {
      Value a = kb.splat(kb.load(aBuffer.memref, kb.add(aBase, i * rowStride), 0, {0, nullptr}), all);
      for (int64_t j = 0; j < vectors; ++j) {
        Value &acc = accumulators[i * vectors + j];
        acc = vector::FMAOp::create(kb.b, kb.loc, a, bs[j], acc);
      }
    }
  }

  //===-- Epilogue -----------------------------------------------------===//

  /// Access of an epilogue operand in terms of the contraction's loops.
  passes::Access inRootLoops(const passes::Access &access) {
    passes::Access result;
    result.offset = access.offset;
    result.strides.assign(op.getNumLoops(), 0);
    for (auto [e, stride] : llvm::enumerate(access.strides))
      result.strides[resultLoops[e]] += stride;
    return result;
  }

  /// Asks for what the epilogue will read, whole matrices such as the weights that an update changes, so that it arrives while the tile is accumulated.
  void prefetchEpilogue(int64_t rows, int64_t vectors) {
    if (!rowLoop || ShapedType::isDynamic(extents[*rowLoop]))
      return;
    // What is small is in the cache as it is.
    if (extents[*rowLoop] * extents[vectorLoop] * element.getIntOrFloatBitWidth() / 8 <= columnwiseBytes)
      return;
    llvm::SmallDenseSet<Value> seen;
    for (linalg::GenericOp e : epilogue)
      for (auto [operand, map] : llvm::zip(e.getDpsInputs(), e.getIndexingMapsArray())) {
        auto known = kb.buffers.find(operand);
        if (known == kb.buffers.end() || operand.getDefiningOp() || !seen.insert(operand).second)
          continue;
        passes::Access access = inRootLoops(kb.access(known->second, map));
        if (access.strides[vectorLoop] != 1 || access.strides[*rowLoop] == 0)
          continue;
        Value start = kb.address(access, ivs);
        for (int64_t i = 0; i < rows; ++i)
          for (int64_t j = 0; j < vectors; ++j)
            memref::PrefetchOp::create(kb.b, kb.loc, known->second.memref, kb.add(start, i * access.strides[*rowLoop] + j * lanes),
                                       /*isWrite=*/false, /*localityHint=*/3, /*isDataCache=*/true);
      }
  }

  /// Everything that follows the accumulator of row i (a value or constant beyond ivs), vector j.
  void finish(Value accumulator, Value i, int64_t j, Lanes width) {
    DenseMap<Value, Value> values;
    values[op.getResult(0)] = accumulator;
    SmallVector<Value> at(ivs);
    if (rowLoop && i)
      at[*rowLoop] = kb.b.createOrFold<arith::AddIOp>(kb.loc, ivs[*rowLoop], i);
    at[vectorLoop] = kb.add(ivs[vectorLoop], j * lanes);
    auto indexOf = [&](unsigned loop) -> Value {
      unsigned rootLoop = resultLoops[loop];
      return rootLoop == vectorLoop ? kb.positions(at[rootLoop], width) : at[rootLoop];
    };
    for (linalg::GenericOp e : epilogue) {
      SmallVector<Value> args;
      for (auto [operand, map] : llvm::zip(e.getDpsInputs(), e.getIndexingMapsArray())) {
        auto known = values.find(operand);
        if (known != values.end()) {
          args.push_back(known->second);
          continue;
        }
        Buffer buffer = kb.buffers.lookup(operand);
        passes::Access access = inRootLoops(kb.access(buffer, map));
        args.push_back(kb.load(buffer.memref, kb.address(access, at), access.strides[vectorLoop], width));
      }
      args.resize(e.getBody()->getNumArguments());
      for (auto [result, value] : llvm::zip_equal(e.getResults(), kb.evaluate(e, args, indexOf, width)))
        values[result] = value;
    }
    for (Value value : stored) {
      Buffer buffer = kb.buffers.lookup(value);
      auto result = cast<OpResult>(value);
      passes::Access access = kb.access(buffer, cast<linalg::GenericOp>(result.getOwner()).getIndexingMapMatchingResult(result));
      if (result.getOwner() != op)
        access = inRootLoops(access);
      kb.store(values.lookup(value), buffer.memref, kb.address(access, at), access.strides[vectorLoop], width);
    }
  }

  void epilogueInRegisters(ArrayRef<Value> accumulators, int64_t rows, Value row, Value column, int64_t vectors, Lanes last) {
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < vectors; ++j)
        finish(accumulators[i * vectors + j], i ? kb.index(i) : Value(), j, j + 1 == vectors ? last : Lanes{lanes, nullptr});
  }

  void epilogueThroughMemory(ArrayRef<Value> accumulators, int64_t rows, Value row, Value column, int64_t vectors, Lanes last) {
    Value &spill = spills[{rows, vectors}];
    if (!spill)
      spill = kb.scratch(element, rows * vectors * lanes);
    for (auto [t, accumulator] : llvm::enumerate(accumulators))
      kb.store(accumulator, spill, kb.index(t * lanes), 1, {lanes, nullptr});
    kb.loop(kb.index(0), kb.index(rows), 1, [&](Value i) {
      Value base = kb.mul(i, vectors * lanes);
      for (int64_t j = 0; j < vectors; ++j) {
        Value accumulator = kb.load(spill, kb.add(base, j * lanes), 1, {lanes, nullptr});
        finish(accumulator, rows > 1 ? i : Value(), j, j + 1 == vectors ? last : Lanes{lanes, nullptr});
      }
    });
  }
};

} // namespace

LogicalResult emitContraction(KernelBuilder &builder, const passes::Contraction &root, ArrayRef<linalg::GenericOp> epilogue,
                              ValueRange yielded) {
  return ContractionEmitter(builder, root, epilogue, yielded).run();
}

} // namespace cornu::codegen
