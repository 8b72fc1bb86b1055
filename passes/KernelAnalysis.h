// What makes a set of linalg.generics one kernel: the loops they share and the order in which they run.
//
// Kernel formation asks whether a set is legal, the emitters ask how to write it; both read this one answer.
#pragma once

#include <concepts>

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/DenseMap.h"

namespace cornu::passes {

/// How far apart in memory neighbours along a dimension or loop are: so many elements, times the batch for the rows of a matrix each of which
/// has one element (or static tensor) per sample. A stride that is a constant converts to its number.
struct Stride {
  int64_t elements = 0;
  bool timesBatch = false;

  Stride(int64_t elements = 0, bool timesBatch = false) : elements(elements), timesBatch(timesBatch) {}
  operator int64_t() const {
    assert(!timesBatch && "a stride that is no constant");
    return elements;
  }
  friend bool operator==(Stride a, Stride b) { return a.elements == b.elements && a.timesBatch == b.timesBatch; }
  template <std::integral T> friend bool operator==(Stride a, T b) { return a == Stride(b); }
};

/// Element (i0, i1, …) of an operand lies at `offset + Σ i_d * strides[d]`, in elements; d runs over the op's loops.
struct Access {
  int64_t offset = 0;
  llvm::SmallVector<Stride> strides;
  bool isConstant() const {
    return llvm::none_of(strides, [](Stride stride) { return stride.timesBatch; });
  }
};

/// Where a choice depends on the extent of the batch, which is not known yet.
constexpr int64_t assumedBatch = 32;
/// Elements of a tensor of this shape, with that batch.
int64_t assumedCount(llvm::ArrayRef<int64_t> shape);

/// Row-major strides of a shape of which one or two dimensions are dynamic, and nothing but extents of 1 in front of them. Fails otherwise.
llvm::FailureOr<llvm::SmallVector<Stride>> rowMajorStrides(llvm::ArrayRef<int64_t> shape);

/// Access through an affine indexing map to memory with the given strides. Fails on maps that are not linear.
llvm::FailureOr<Access> accessOf(mlir::AffineMap map, llvm::ArrayRef<Stride> strides);

/// An operand of a generic (the result counting last) of which the leading dimension is not given by its map, which says 0 there, but by the
/// element of operand `index`: the row of a table. Negative numbers count from the end, others beyond the `rows` mean the nearest.
struct Indirection {
  unsigned operand, index;
  int64_t rows;
};
std::optional<Indirection> indirectionOf(mlir::linalg::GenericOp);
void setIndirection(mlir::linalg::GenericOp, const Indirection &);

/// Along this dimension of operand 0 of a contraction, the elements from `first` to before `limit` are in memory, and all others are zeros.
struct Edge {
  unsigned dim;
  int64_t first, limit;
};
llvm::SmallVector<Edge> edgesOf(mlir::linalg::GenericOp);
void setEdges(mlir::linalg::GenericOp, llvm::ArrayRef<Edge>);

/// True if the reduction adds to what its result's memory holds, instead of to its neutral element.
bool updatesMemory(mlir::linalg::GenericOp);

/// The scalar operation that a reduction's body ends with, and its neutral element.
struct Combiner {
  mlir::Operation *op;
  mlir::BlockArgument accumulator;
  mlir::TypedAttr neutral;
};
std::optional<Combiner> combinerOf(mlir::linalg::GenericOp, unsigned result);

/// A 3x3 convolution, or the gradient of such a one's kernel, that Winograd's algorithm computes: see passes/lowering/Winograd.cpp.
bool isWinograd(mlir::linalg::GenericOp);
void setWinograd(mlir::linalg::GenericOp);

/// A contraction that the register-blocked emitter takes: two operands, multiply-add, and a vectorisable dimension.
struct Contraction {
  mlir::linalg::GenericOp op;
  unsigned a, b;                                 ///< operand read by broadcast (or as vectors, too), operand read as vectors
  llvm::SmallVector<unsigned> m, n, k, batch;    ///< loops, outermost first; n.back() is the vectorised one
  bool alongSum = false;                         ///< rows of both operands lie along the one loop of k
  std::optional<unsigned> sumLoop;               ///< a loop of k along which both operands are read as vectors, for the result has few columns; k.back()
};
/// So few columns leave most lanes of a vector idle.
constexpr int64_t fewColumns = 4;
/// A shorter sum does not fill vectors.
constexpr int64_t shortestVectorSum = 16;
/// A longer sum does not stay in the caches for rows that lie along it.
constexpr int64_t longestRowSum = 2048;
std::optional<Contraction> matchContraction(mlir::linalg::GenericOp);

/// How an op of a nest takes part in the loops of its group.
enum class Part {
  Full,          ///< point-wise over all loops
  Row,           ///< point-wise over the outer loops only
  Scalar,        ///< no loops
  RowReduce,     ///< reduces the inner loops: one value a row
  ColumnReduce,  ///< reduces the outer loops, accumulating in memory
  FullReduce     ///< reduces everything to a scalar; `fromRow` says whether it runs over rows or all points
};

struct NestOp {
  mlir::linalg::GenericOp op;
  Part part;
  llvm::SmallVector<unsigned> loops;   ///< the group loop of each of the op's loops
  unsigned phase = 0;                  ///< position among the inner loop nests of a row
  bool post = false;                   ///< a scalar op that must wait for the loops to end
  bool fromRow = false;
};

/// A set of element-wise ops and reductions over one iteration domain.
struct Nest {
  llvm::SmallVector<int64_t> extents;  ///< kDynamic: the batch
  unsigned rowLoops = 0;               ///< loops outside of the phases
  unsigned phases = 1;
  llvm::SmallVector<NestOp> ops;       ///< in a legal order within each phase
  /// Full values that a later phase reads and that therefore are kept in a row buffer.
  llvm::SmallVector<mlir::Value> kept;
  int64_t innerSize() const;
};

/// Analyses ops (in program order); values produced by other ops count as inputs. nullopt: not one nest.
std::optional<Nest> analyzeNest(llvm::ArrayRef<mlir::linalg::GenericOp> ops);

/// True if `epilogue` can run on the accumulators of `root`: point-wise over the same elements.
bool isEpilogueOf(const Contraction &root, mlir::linalg::GenericOp epilogue);

} // namespace cornu::passes
