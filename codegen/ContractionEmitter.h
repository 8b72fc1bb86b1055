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
/// The tile that covers an M x N matrix (N in vectors) at the least cost within the register file.
TileShape chooseTile(int64_t m, int64_t nVectors, const Target &target);

/// Extent that the cost model takes for the batch.
constexpr int64_t assumedBatch = 32;
/// Half a second-level cache: a larger matrix does not stay there from tile to tile.
constexpr int64_t columnwiseBytes = 512 << 10;
/// Fewer rows do not pay for packing.
constexpr int64_t packedRows = 64;

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
  unsigned vectorLoop = 0, lanes = 0;
  std::optional<unsigned> rowLoop;
  TileShape tile{1, 1, 0};
  mlir::Type element;
  llvm::SmallVector<unsigned> resultLoops;                ///< loop of the contraction for each dimension of its result
  llvm::SmallSetVector<mlir::Value, 4> stored;
  bool epilogueInMemory = false;
  llvm::DenseMap<std::pair<int64_t, int64_t>, mlir::Value> spills;

  /// A block of K whose part of B is packed.
  struct Block {
    mlir::Value packed;             ///< B[firstK …, column …], `width` elements a row
    mlir::Value firstK, lastK;
    int64_t width;
    mlir::Value sums;               ///< sums of the blocks before, `width` elements a row from firstRow on; null: there is but one block
    mlir::Value firstRow, depth;    ///< of all of K
  };
  std::optional<Block> block;

  //===-- Loops: ContractionLoops.cpp ------------------------------------===//
  /// Joins neighbours that every access walks as one: the outer loop goes, the inner one runs over both. (The rows of an image are one long
  /// loop over columns and channels.)
  void mergeLoops(llvm::SmallVector<unsigned> &loops);
  /// The loop whose extent gives the fullest tiles.
  std::optional<unsigned> chooseRows(llvm::ArrayRef<unsigned> loops);

  //===-- Order of tiles: ContractionEmitter.cpp ------------------------===//
  void emitOuter(llvm::ArrayRef<unsigned> loops);
  /// The same for this call's share of the tiles of rows.
  void emitShare(llvm::ArrayRef<unsigned> loops, Work work);
  /// Chooses the order of tiles. A matrix B that stays in the second-level cache is walked along for every tile of rows; a larger one is
  /// cut into columns, each of which stays there while all rows pass. Rows [from, to), which start at a multiple of the tile's.
  void emitRows(mlir::Value from, mlir::Value to);
  /// True if B is too large to be read again for every tile of rows. Rows a power of two apart share few cache sets, so that not even a column of
  /// tiles would stay.
  bool columnsFirst();
  /// Calls `body` with the number of rows and the first row of each tile of rows [from, to), which starts at a multiple of tileRows.
  void overRowTiles(int64_t tileRows, mlir::Value from, mlir::Value to, llvm::function_ref<void(int64_t rows, mlir::Value row)> body);
  /// Calls `body` with the first column, the number of vectors, and the lanes of the last vector of each tile.
  void overColumnTiles(int64_t tileVectors, llvm::function_ref<void(mlir::Value column, int64_t vectors, Lanes last)> body);

  //===-- One row: ContractionRow.cpp ------------------------------------===//
  void emitSingleRow(mlir::Value row, int64_t nVectors);
  /// One row times a large matrix is as fast as the matrix can be read: front to back, a few rows at a time, the sums in L1.
  void streamRow(mlir::Value row);

  //===-- One tile: ContractionTile.cpp ----------------------------------===//
  void emitTile(int64_t rows, mlir::Value row, mlir::Value column, int64_t vectors, Lanes last);
  /// Σ_k A[row + i, k] * B[k, column + j * lanes …] for each accumulator (i, j).
  llvm::SmallVector<mlir::Value> accumulate(int64_t rows, mlir::Value row, int64_t vectors, Lanes last);
  llvm::SmallVector<mlir::Value> overK(llvm::ArrayRef<unsigned> loops, llvm::SmallVector<mlir::Value> accumulators, int64_t rows, int64_t vectors, Lanes last, int64_t sets);
  /// One multiply-add per accumulator. ivs holds the position in K. What does not vary along rows or columns is read once for all of them.
  void step(llvm::MutableArrayRef<mlir::Value> accumulators, int64_t rows, int64_t vectors, Lanes last);

  //===-- Large matrices: ContractionPacking.cpp ---------------------------===//
  /// True if B is worth copying.
  bool packs();
  void emitBlocks(mlir::Value firstRow, mlir::Value endRow);
  void pack(mlir::Value packed, mlir::Value firstK, mlir::Value lastK, mlir::Value column, int64_t vectors, Lanes last);
  mlir::Value sumsOf(mlir::Value row);
  llvm::SmallVector<mlir::Value> loadSums(int64_t rows, mlir::Value row, int64_t vectors);
  void storeSums(llvm::ArrayRef<mlir::Value> accumulators, mlir::Value row);

  //===-- What follows the sums: ContractionEpilogue.cpp ------------------===//
  /// Access of an epilogue operand in terms of the contraction's loops.
  passes::Access inRootLoops(const passes::Access &access);
  /// Where a value that leaves the kernel goes.
  passes::Access storedAccess(mlir::Value value);
  /// Asks for what the epilogue will read, whole matrices such as the weights that an update changes, so that it arrives while the tile is accumulated.
  void prefetchEpilogue(int64_t rows, int64_t vectors);
  /// Everything that follows the accumulator of row i (a value or constant beyond ivs), vector j.
  void finish(mlir::Value accumulator, mlir::Value i, int64_t j, Lanes width);
  void epilogueInRegisters(llvm::ArrayRef<mlir::Value> accumulators, int64_t rows, mlir::Value row, mlir::Value column, int64_t vectors, Lanes last);
  void epilogueThroughMemory(llvm::ArrayRef<mlir::Value> accumulators, int64_t rows, mlir::Value row, mlir::Value column, int64_t vectors, Lanes last);
};

} // namespace cornu::codegen
