// Winograd's F(2x2, 3x3): a convolution (ContractionWinograd.cpp) and the gradient of its kernel (ContractionWinogradGradient.cpp), in blocks of tiles whose
// matrices stay in the second-level cache. Internal to the contraction emitter.
#pragma once

#include "codegen/ContractionEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

namespace cornu::codegen {

class ContractionEmitter::Winograd {
public:
  explicit Winograd(ContractionEmitter &of);
  /// The 4x4 values of each tile are transformed into 16 matrices of tiles by channels, each of which is multiplied by its matrix of the transformed kernel, some columns
  /// at a time; the 16 products of a tile become 2x2 results, on which the epilogue runs. Where the kernel is large, its transform is made anew for each block of tiles:
  /// that is less work than reading it from the third-level cache.
  void emitConvolution();
  /// The transpose of that: tiles of x and of the 2x2 cotangents, both transformed, are multiplied and summed over all tiles, for some channels and columns at a
  /// time; the 16 sums of a channel and column become the 3x3 results.
  void emitGradient();

private:
  static constexpr int64_t side = 4, products = side * side, results = 2, taps = 3;
  // Of a kernel that need not be transformed again, a small block, much of which stays in the first-level cache, is as good as a large one.
  static constexpr int64_t nearBytes = 128 << 10;
  static constexpr int64_t blockBytes = 512 << 10, kernelBytes = 1 << 20, partBytes = 256 << 10;
  static constexpr int64_t mostTiles = 96;
  template <size_t rows, size_t columns = rows>
  using Matrix = std::array<std::array<mlir::Value, columns>, rows>;

  ContractionEmitter &of;
  KernelBuilder &kb;
  Lanes all;
  int64_t elementBytes;
  std::optional<unsigned> sample;        ///< loop over images; none: there is one
  unsigned y = 0, x = 0, channel = 0;    ///< loops over the 2x2 sides of tiles, and over x's channels
  int64_t tiles = 0, channels = 0;       ///< of a block
  mlir::Value firstChannel, firstColumn; ///< of a block
  /// The kernel's loop along one side of a tile, and whether its taps come in the reverse order.
  struct Direction {
    unsigned loop;
    bool backwards;
  } down{}, across{};
  TileShape shape{1, 1, 0};              ///< of the products
  mlir::Value spread;                    ///< V[product][tile][channel]

  /// Elements from one product's matrix of so many to the next: a way of the first cache apart, the 16 lines of a tile would evict each other.
  int64_t apart(int64_t elements) const {
    constexpr int64_t wayBytes = 4096;
    return std::gcd(elements * elementBytes, wayBytes) > wayBytes / 8 ? elements + of.lanes : elements;
  }
  /// The largest tile that divides both.
  TileShape dividingTile(int64_t rows, int64_t vectors);
  /// The whole, at about so many picoseconds for a vector of points of all loops.
  Work workOf(double lanePs);
  /// This call's part of `units`: all of them, unless threads are worth it.
  KernelBuilder::Range shareOf(mlir::Value units, double lanePs);
  /// Tiles of all images.
  mlir::Value countTiles();
  /// Runs `body` for each tile of a block, with ivs at its first result.
  void overTiles(mlir::Value first, mlir::Value count, llvm::function_ref<void(mlir::Value tile)> body);
  void spreadTile(mlir::Value tile);
  /// The transform of the kernel's columns from `firstColumn` on, for these channels.
  void spreadKernel(mlir::Value into, mlir::Value at, mlir::Value firstK, mlir::Value lastK, int64_t width, int64_t depth);
  /// Where the part of the kernel starts that is transformed after the one that ends before channel `lastK`, and which line of it to ask for while this tile of this
  /// product is computed: so it has arrived by then.
  mlir::Value nextPart(mlir::Value lastK, int64_t width);
  mlir::Value partOfTap(mlir::Value product, mlir::Value tile);
  void clear(mlir::Value memref, int64_t elements);
  /// Writes `rows` by `shape.vectors` sums of a(k, row) b(k, vector) over all k below `depth` to `to` and on, rows `width` apart; adds them to what is there, if `add`.
  void multiply(int64_t rows, mlir::Value depth, llvm::function_ref<mlir::Value(mlir::Value k, int64_t i)> a, llvm::function_ref<mlir::Value(mlir::Value k, int64_t j)> b,
                mlir::Value sums, mlir::Value to, int64_t width, bool add);
  void gatherTile(mlir::Value products, mlir::Value tile, int64_t columns);

  /// One vector of each product of a tile: `distance` elements apart.
  Matrix<side> loadProducts(mlir::Value memref, mlir::Value at, int64_t distance);
  void storeProducts(const Matrix<side> &values, mlir::Value memref, mlir::Value at, int64_t distance);

  // of the gradient
  void spreadCotangents(mlir::Value into, mlir::Value tile, int64_t columns);
  void finishKernel(mlir::Value sums, int64_t columns);

  mlir::Value sum(mlir::Value a, mlir::Value b) { return mlir::arith::AddFOp::create(kb.b, kb.loc, a, b); }
  mlir::Value difference(mlir::Value a, mlir::Value b) { return mlir::arith::SubFOp::create(kb.b, kb.loc, a, b); }
  /// f of each column of a matrix, then of each row of what comes of that.
  template <size_t to, size_t from, typename F>
  static Matrix<to> alongBoth(const Matrix<from> &m, F f) {
    Matrix<from, to> columns;
    for (size_t j = 0; j < from; ++j) {
      std::array<mlir::Value, from> column;
      for (size_t i = 0; i < from; ++i)
        column[i] = m[i][j];
      columns[j] = f(column);
    }
    Matrix<to> both;
    for (size_t i = 0; i < to; ++i) {
      std::array<mlir::Value, from> row;
      for (size_t j = 0; j < from; ++j)
        row[j] = columns[j][i];
      both[i] = f(row);
    }
    return both;
  }
};

} // namespace cornu::codegen
