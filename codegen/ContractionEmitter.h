// Contractions as register-blocked tiles: a tile of MR rows by NV vectors is accumulated in registers over the whole
// of K, then the epilogue runs on the accumulators before anything is stored. Large matrices are cut into blocks first
// (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 2008).
#pragma once

#include "codegen/KernelBuilder.h"

namespace cornu::codegen {

/// Rows of a tile, vectors along each, and the cycles of one step in K over the whole matrix.
struct TileShape {
  int64_t rows, vectors;
  double cost;
};
/// The tile of at most `mostRows` that covers an M x N matrix (N in vectors) at the least cost within the register file. `restCost`: what the rows cost that
/// whole tiles leave; null: they are a tile, too.
TileShape chooseTile(int64_t m, int64_t nVectors, int64_t mostRows, const Target &target,
                     llvm::function_ref<double(int64_t rest, int64_t rows)> restCost = nullptr);

/// Independent sums that cover the latency of a multiply-add.
constexpr int64_t fewestChains = 8;
/// Half a second-level cache: a larger matrix does not stay there from tile to tile.
constexpr int64_t columnwiseBytes = 512 << 10;
/// Sums of parts of K that wait on the stack: 256 KB in f32.
constexpr int64_t waitingSums = 64 << 10;

class ContractionEmitter {
public:
  ContractionEmitter(KernelBuilder &kb, const passes::Contraction &root, llvm::ArrayRef<mlir::linalg::GenericOp> epilogue,
                     mlir::ValueRange yielded);
  mlir::LogicalResult run();

private:
  KernelBuilder &kb;
  const passes::Contraction &root;
  mlir::linalg::GenericOp op;
  llvm::ArrayRef<mlir::linalg::GenericOp> epilogue;
  llvm::SmallVector<mlir::Value> ivs;                     ///< position in each loop of `op`; null: not there yet
  llvm::SmallVector<unsigned> kLoops, mLoops;             ///< the root's, joined where they can be
  Buffer aBuffer, bBuffer;
  passes::Access aAccess, bAccess;
  llvm::SmallVector<int64_t> extents;
  llvm::SmallVector<int64_t> perSample;                   ///< a loop of dynamic extent runs so often for each sample
  unsigned vectorLoop = 0, lanes = 0;
  std::optional<unsigned> rowLoop;
  TileShape tile{1, 1, 0};
  int64_t panelRows = 0;                                  ///< of a tile within a panel
  mlir::Type element;
  llvm::SmallVector<unsigned> resultLoops;                ///< loop of the contraction for each dimension of its result
  llvm::SmallSetVector<mlir::Value, 4> stored;
  bool epilogueInMemory = false;
  bool sharesRow = false;                                 ///< a batch of one goes by columns, not rows
  llvm::DenseMap<std::pair<int64_t, int64_t>, mlir::Value> spills;

  /// A part of K.
  struct Block {
    size_t level = 0;               ///< kLoops before this one stand still
    mlir::Value firstK, lastK;      ///< of kLoops[level]
    mlir::Value isFirst, isLast;    ///< whether parts come before and after it; null: it is all of K
    mlir::Value sums;               ///< of the parts before
    passes::Access sumsAccess;      ///< in the contraction's loops
    mlir::Value sumsBase;           ///< where they start
    mlir::Value packed;             ///< B[firstK …, column …] as the tile reads it; null: B is read where it lies
    int64_t width = 0;              ///< of packed rows
    bool packs = false;             ///< the tile reads B where it lies, and packs it
    mlir::Value ahead;              ///< where the first step asks for B's next part; null: nowhere
    mlir::Value aheadStep;          ///< how much further each step asks
  };
  std::optional<Block> block;

  //===-- Loops: ContractionLoops.cpp ------------------------------------===//
  /// Joins neighbours that every access walks as one: the outer loop goes, the inner one runs over both. (The rows of an image are one long
  /// loop over columns and channels.) The batch is joined only on demand.
  void mergeLoops(llvm::SmallVector<unsigned> &loops, bool withBatch);
  /// How often a loop runs, and what the cost model takes for it.
  mlir::Value extentOf(unsigned loop);
  int64_t assumedExtent(unsigned loop);
  /// The loop whose extent gives the fullest tiles.
  std::optional<unsigned> chooseRows(llvm::ArrayRef<unsigned> loops);
  /// The best tile with rows along `loop` (nullopt: one row).
  TileShape tileAlong(std::optional<unsigned> loop);

  /// See KernelBuilder::leastRows: a call with as many rows as a tile has makes the tiles that a larger batch would make of them.
  int64_t leastRows();

  //===-- Order of tiles: ContractionEmitter.cpp ------------------------===//
  /// Runs `body` within these loops.
  void emitOuter(llvm::ArrayRef<unsigned> loops, llvm::function_ref<void()> body);
  /// A unit is one tile of rows at one position of the loops around. This many there are.
  mlir::Value countUnits(llvm::ArrayRef<unsigned> loops);
  /// Calls `body` with the rows [from, to) that belong to the units [first, last), for each position of the loops around.
  void overUnits(llvm::ArrayRef<unsigned> loops, mlir::Value first, mlir::Value last, llvm::function_ref<void(mlir::Value from, mlir::Value to)> body);
  /// Calls `body` with the tiles of rows [first, last) that belong to the units [from, to), for each position in a grid of which every one has `tiles`.
  void overTiles(llvm::ArrayRef<int64_t> grid, mlir::Value tiles, mlir::Value from, mlir::Value to,
                 llvm::function_ref<void(llvm::ArrayRef<mlir::Value> position, mlir::Value first, mlir::Value last)> body);
  /// Runs `body` if x < y, as of ends of ranges.
  void ifLess(mlir::Value x, mlir::Value y, llvm::function_ref<void()> body);
  /// This call's share of all tiles, one column of tiles after the other: each thread reads, or copies, its part of B alone, and keeps it in its second-level cache.
  void shareColumns(Work work);
  /// Chooses the order of tiles. A matrix B that stays in the second-level cache is walked along for every tile of rows; a larger one is
  /// cut into columns, each of which stays there while all rows pass. Rows [from, to), which start at a multiple of the tile's.
  void emitRows(mlir::Value from, mlir::Value to);
  /// True if B is too large to be read again for every tile of rows. Rows a power of two apart share few cache sets, so that not even a column of
  /// tiles would stay.
  bool columnsFirst();
  /// Calls `body` with the number of rows and the first row of each tile of rows [from, to), which starts at a multiple of tileRows. `whole`: and ends at one.
  void overRowTiles(int64_t tileRows, mlir::Value from, mlir::Value to, llvm::function_ref<void(int64_t rows, mlir::Value row)> body, bool whole = false);
  /// Calls `body` with the first column, the number of vectors, and the lanes of the last vector of each tile.
  void overColumnTiles(int64_t tileVectors, KernelBuilder::Range columns, llvm::function_ref<void(mlir::Value column, int64_t vectors, Lanes last)> body);
  void overColumnTiles(int64_t tileVectors, llvm::function_ref<void(mlir::Value column, int64_t vectors, Lanes last)> body);

  //===-- Few rows: ContractionRow.cpp -----------------------------------===//
  void emitSingleRow(mlir::Value row, int64_t nVectors);
  /// True if B is large and lies as it is read.
  bool streams();
  /// True if the sums of a single row fit registers: tiles then read B in the same order.
  bool isNarrow();
  /// Few rows times such a B. Without `rows.to`: a single one.
  void streamRows(KernelBuilder::Range rows, KernelBuilder::Range columns);
  /// What streaming the rows that tiles leave costs, in the units of TileShape.
  double streamCost(int64_t rest, int64_t rows);
  /// Columns that are in registers at a time.
  int64_t streamedWidth();
  /// The first rows of a loop of dynamic extent, those that go by whole tiles; the others are streamed.
  mlir::Value rowsInTiles();
  /// This call's share of the columns of few rows. Without `rows.to`: of a single one.
  void shareRows(KernelBuilder::Range rows, Work work);
  /// True if so few rows wait for B that it is read from its end in every other turn of the loop around the kernel: what the last turn read last is still in the
  /// first-level cache. A cache that throws out what was used longest ago keeps nothing of a larger matrix that is read from its start each time.
  bool turnsBack(int64_t rows);
  /// i, or in every other turn as far from the end.
  mlir::Value turned(mlir::Value i, int64_t end, int64_t steps = 1);

  //===-- One tile: ContractionTile.cpp ----------------------------------===//
  void emitTile(int64_t rows, mlir::Value row, mlir::Value column, int64_t vectors, Lanes last);
  /// Σ_k A[row + i, k] * B[k, column + j * lanes …] for each accumulator (i, j).
  llvm::SmallVector<mlir::Value> accumulate(int64_t rows, int64_t vectors, Lanes last);
  llvm::SmallVector<mlir::Value> overK(llvm::ArrayRef<unsigned> loops, llvm::SmallVector<mlir::Value> accumulators, int64_t rows, int64_t vectors, Lanes last, int64_t sets);
  /// One multiply-add per accumulator. ivs holds the position in K. What does not vary along rows or columns is read once for all of them.
  /// Asks for the part of B that is read some steps after `address`, if rows lie too far apart for the processor to foresee where the next one is.
  void prefetchB(mlir::Value address, int64_t vectors);
  /// Asks for this step's share of the block's next part of B.
  void prefetchAhead();
  void step(llvm::MutableArrayRef<mlir::Value> accumulators, int64_t rows, int64_t vectors, Lanes last);
  /// How far behind the rows of A that a tile reads lie those of the next one, where tiles ask for them ahead: they come from beyond the second-level cache, and
  /// neighbours share pages, in each of which processors foresee one way only. `outer`: the loops around rows.
  std::optional<int64_t> findNextRows(llvm::ArrayRef<unsigned> outer);
  std::optional<int64_t> nextRows;

  //===-- Windows that reach beyond memory: ContractionEdges.cpp -----------===//
  struct Edge {
    passes::Access position;        ///< along a dimension of the image, in the contraction's loops
    int64_t first, limit;           ///< outside of which are zeros
    int64_t least, most;            ///< of all positions
  };
  llvm::SmallVector<Edge> edges;
  /// Of the tile, how many of the first and of the last rows are outside in the steps being written.
  struct Outside {
    int64_t first = 0, last = 0;
  } outside;
  void findEdges();
  /// The loop over lines of the image, for which a tile asks one turn ahead.
  std::optional<unsigned> findLines();
  std::optional<unsigned> lines;
  /// Asks for what the window of this tile will see of the next line.
  void prefetchWindow(int64_t rows, int64_t vectors);
  /// How far apart, along an edge, neighbouring rows of a tile are.
  int64_t rowStep(const Edge &edge);
  /// The edge that rows of a tile come to one after the other as k goes on; null: they do so together.
  const Edge *edgeAcross(unsigned k, int64_t rows);
  /// The turns of a loop of K in which row i of the tile is inside.
  KernelBuilder::Range withinEdge(const Edge &edge, unsigned k, KernelBuilder::Range whole, int64_t i);
  /// Those in which all rows are, as far as rows do not differ.
  KernelBuilder::Range withinEdges(unsigned k, KernelBuilder::Range whole, int64_t rows);
  /// Calls `body` for the turns with each number of rows outside, in order.
  void overOutsides(const Edge &edge, unsigned k, KernelBuilder::Range whole, int64_t rows, llvm::function_ref<void(KernelBuilder::Range)> body);

  //===-- Large matrices: ContractionPacking.cpp ---------------------------===//
  /// True if B is worth copying: it is large, or its rows and those of A lie far apart.
  bool packs();
  bool isLarge();
  /// True if B alone would stay in the second-level cache, but not with all others that the function multiplies by: a column of tiles would wait for it.
  bool isLargeTogether();
  /// Whether all of those stay in the caches of the threads that share them.
  mlir::Value fitsCaches();
  int64_t bytesOfB();
  bool stridesFar();
  /// One of two orders, by the number of rows.
  void ofRowCount(llvm::function_ref<void()> many, llvm::function_ref<void()> fewer);
  /// Rows and columns each start at a multiple of a tile's. `depthFirst`: many columns go through one part of K before the next, so that few rows read B front
  /// to back. Else one tile's columns go through all of K.
  void emitBlocks(KernelBuilder::Range rows, KernelBuilder::Range columns, bool depthFirst);
  /// All tiles of a block together ask for the next part of B: the one at this row of the block and this column for its share.
  void askAhead(mlir::Value row, mlir::Value column, KernelBuilder::Range columns, mlir::Value rowTiles, mlir::Value length);
  /// Copies the block's part of B.
  void pack(mlir::Value column, int64_t vectors, Lanes last);

  //===-- Rows along the sum: ContractionPanels.cpp ------------------------===//
  /// Makes rows of tiles of what were vectors, and A of what was B; or back.
  void exchangeRoles();
  /// A panel is as many rows as a vector has lanes. It may take several tiles.
  TileShape panelTile();
  /// Panels of the rows [from, to), which start at a multiple of a panel's.
  void emitPanels(mlir::Value from, mlir::Value to);
  /// Copies B's rows [first, end) to where they are columns, of `width`.
  void packColumns(mlir::Value packed, int64_t width, mlir::Value first, mlir::Value end);
  /// The sums of a panel: `vectors` of the packed columns, times `length` rows of A.
  void sumPanel(mlir::Value sums, int64_t width, mlir::Value row, int64_t length, int64_t vectors);
  /// Turns the sums of a panel and a vector of B's rows from `column` on, which end at `end`, and finishes them.
  void finishPanel(mlir::Value sums, int64_t width, mlir::Value turned, mlir::Value row, mlir::Value column, mlir::Value first, mlir::Value end);
  /// Calls `body` with the number of rows of the panel at `row`: that of the last may be less.
  void ofLength(mlir::Value row, llvm::function_ref<void(int64_t length)> body);

  //===-- Few columns: ContractionLanes.cpp --------------------------------===//
  /// Sums of a row that have an accumulator each.
  int64_t columns();
  /// Rows [from, to), with lanes along the sum.
  void emitLanes(mlir::Value from, mlir::Value to);
  /// Adds the products of the whole innermost loop of K, a vector of both operands at a time, to a tile's sums.
  llvm::SmallVector<mlir::Value> overSumLoop(llvm::SmallVector<mlir::Value> accumulators, int64_t rows, int64_t columns);

  //===-- Long sums: ContractionDepth.cpp ----------------------------------===//
  /// The loop of K to cut where sums are few and long, as gradients of weights are; nullopt: they are not.
  std::optional<size_t> cutsDepth(llvm::ArrayRef<unsigned> outer);
  /// Those of the units [from, to).
  void emitDepth(size_t level, llvm::ArrayRef<unsigned> outer, mlir::Value from, mlir::Value to);
  /// Sums of the parts of K before this one; zero in the first.
  llvm::SmallVector<mlir::Value> loadSums(int64_t rows, int64_t vectors);
  void storeSums(llvm::ArrayRef<mlir::Value> accumulators, int64_t vectors);

  /// 3x3 convolutions: ContractionWinograd.h.
  class Winograd;

  //===-- What follows the sums: ContractionEpilogue.cpp ------------------===//
  /// Access of an epilogue operand in terms of the contraction's loops.
  passes::Access inRootLoops(const passes::Access &access);
  /// Where a value that leaves the kernel goes.
  passes::Access storedAccess(mlir::Value value);
  /// True if the epilogue reads whole matrices, such as the weights that an update changes, too large to be in the caches.
  bool readsAhead();
  /// Asks for what the epilogue will read of one row of the tile, so that it arrives while the tile is accumulated.
  void prefetchEpilogue(mlir::Value row, int64_t vectors);
  /// Everything that follows the accumulator of row i (a value or constant beyond ivs), vector j.
  void finish(mlir::Value accumulator, mlir::Value i, int64_t j, Lanes width);
  void epilogueInRegisters(llvm::ArrayRef<mlir::Value> accumulators, int64_t rows, mlir::Value row, mlir::Value column, int64_t vectors, Lanes last);
  void epilogueThroughMemory(llvm::ArrayRef<mlir::Value> accumulators, int64_t rows, mlir::Value row, mlir::Value column, int64_t vectors, Lanes last);
};

} // namespace cornu::codegen
