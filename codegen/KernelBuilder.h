// What both emitters share: buffers, addresses, vector loads and stores with tails, and vectorised scalar bodies.
#pragma once

#include "codegen/Target.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/KernelAnalysis.h"

namespace cornu::codegen {

/// Memory behind a kernel's tensor: a one-dimensional memref and the strides of the tensor's dimensions in it.
struct Buffer {
  mlir::Value memref;
  llvm::SmallVector<passes::Stride> strides;
};

/// A vector's worth of positions along one loop: how many lanes, and how many of them are real.
struct Lanes {
  unsigned count;              ///< lanes of the vector; 0: a scalar
  mlir::Value mask;            ///< null: all lanes are real
};

/// Extent that cost models take for the batch.
using passes::assumedBatch;

/// About how long a kernel takes on one core, in picoseconds: fixed + batch * perRow.
struct Work {
  int64_t fixed = 0, perRow = 0;

  /// Loops of these extents, each point of which takes so many.
  static Work ofLoops(llvm::ArrayRef<int64_t> extents, double pointPs);
  Work &operator+=(Work other);
};

/// Rough count of instructions of a scalar body.
int64_t bodyCost(mlir::linalg::GenericOp op);

/// Builds the body of one kernel.
class KernelBuilder {
public:
  KernelBuilder(mlir::OpBuilder &builder, mlir::Location loc, const Target &target, mlir::Value batch)
      : b(builder), loc(loc), target(target), batch(batch) {}

  mlir::OpBuilder &b;
  mlir::Location loc;
  const Target &target;
  mlir::Value batch;                                        ///< index
  mlir::Value turn;                                         ///< how often the loop that launches the kernel has run before; null: there is none
  llvm::DenseMap<mlir::Value, Buffer> buffers;              ///< kernel inputs and yielded values
  int64_t matrixBytes = 0;                                  ///< of all matrices that the function around multiplies by

  mlir::Value index(int64_t value);
  /// A loop extent as a value: a constant, or the batch.
  mlir::Value extent(int64_t staticExtent);
  mlir::Value add(mlir::Value x, int64_t constant);
  mlir::Value add(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, int64_t factor);
  mlir::Value times(mlir::Value x, passes::Stride stride);

  /// Where an operand of `op` is, relative to the op's loops. The operand must have a buffer.
  passes::Access access(const Buffer &buffer, mlir::AffineMap map);
  /// offset + Σ ivs[d] * strides[d]; loops without a value (null) count as 0.
  mlir::Value address(const passes::Access &access, llvm::ArrayRef<mlir::Value> ivs);

  /// Reads lanes at `address`, `stride` elements apart (0: one element for all, 1: contiguous, else gathered).
  mlir::Value load(mlir::Value memref, mlir::Value address, passes::Stride stride, Lanes lanes);
  void store(mlir::Value value, mlir::Value memref, mlir::Value address, passes::Stride stride, Lanes lanes);
  /// Asks for what will be read at `address`, which may be none: into the first cache (locality 3) or the second (2).
  void prefetch(mlir::Value memref, mlir::Value address, unsigned locality = 3);
  mlir::Value splat(mlir::Value scalar, Lanes lanes);
  mlir::Value constant(mlir::TypedAttr value, Lanes lanes);
  /// first, first + 1, … in the lanes of an index vector.
  mlir::Value positions(mlir::Value first, Lanes lanes);
  /// Constant mask of the first `real` of `lanes`.
  Lanes partial(unsigned lanes, int64_t real);
  /// Mask with the first `real` lanes on, `real` known at run time.
  Lanes partial(unsigned lanes, mlir::Value real);

  /// A for loop over [from, to) in steps; the body gets the induction variable.
  void loop(mlir::Value from, mlir::Value to, int64_t step, llvm::function_ref<void(mlir::Value)> body);
  void loop(mlir::Value from, mlir::Value to, mlir::Value step, llvm::function_ref<void(mlir::Value)> body);
  /// The same with values that go from turn to turn; returns the last ones.
  llvm::SmallVector<mlir::Value> loop(mlir::Value from, mlir::Value to, int64_t step, llvm::ArrayRef<mlir::Value> carried,
                                      llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, llvm::SmallVector<mlir::Value>)> body);
  /// `values`, or what the body makes of them where the condition holds.
  llvm::SmallVector<mlir::Value> ifThen(mlir::Value condition, llvm::ArrayRef<mlir::Value> values,
                                        llvm::function_ref<llvm::SmallVector<mlir::Value>(llvm::SmallVector<mlir::Value>)> body);
  void ifThen(mlir::Value condition, llvm::function_ref<void()> body);
  void ifThenElse(mlir::Value condition, llvm::function_ref<void()> then, llvm::function_ref<void()> otherwise);
  /// x == y, as an i1.
  mlir::Value equal(mlir::Value x, mlir::Value y);
  /// Loops over points [from, to) of a grid, the last extent running fastest; the body gets the point and its position along each dimension.
  void overGrid(llvm::ArrayRef<int64_t> extents, mlir::Value from, mlir::Value to,
                llvm::function_ref<void(mlir::Value point, llvm::ArrayRef<mlir::Value> position)> body);
  struct Range {
    mlir::Value from, to;
  };
  /// Loops over blocks of `width` in a part of [0, extent) that starts at a multiple of the width; what is left of the extent, a shorter block, belongs to the
  /// part that ends there. The body gets a block's start and length.
  void overBlocks(Range part, int64_t extent, int64_t width, llvm::function_ref<void(mlir::Value start, int64_t length)> body);
  /// Covers `count` < `limit` positions from `from` on by blocks of a power of two each: few kernels, no masks.
  void overPowersOfTwo(mlir::Value from, mlir::Value count, int64_t limit, llvm::function_ref<void(mlir::Value start, int64_t length)> body);
  /// Covers [from, to) by blocks of `width`, and what is left by powers of two.
  void overPieces(mlir::Value from, mlir::Value to, int64_t width, llvm::function_ref<void(mlir::Value start, int64_t length)> body);
  /// Points of a grid.
  mlir::Value sizeOf(llvm::ArrayRef<int64_t> extents);
  mlir::Value min(mlir::Value x, mlir::Value y);
  mlir::Value max(mlir::Value x, mlir::Value y);
  mlir::Value sub(mlir::Value x, mlir::Value y);
  mlir::Value ceilDiv(mlir::Value x, mlir::Value y);

  //===-- Several threads: Parts.cpp ---------------------------------------===//

  mlir::Value part, parts;       ///< this call computes `part` of `parts`
  int64_t smallestPart = 0;      ///< picoseconds that pay for another thread; 0: kernels are not cut
  /// A batch beyond which few programs go, or few of those for which kernels would be cut.
  int64_t largestBatch = 4096;
  /// Set by the emitter that cut the kernel.
  std::optional<Work> divided;
  /// Set by emitters: what the kernel takes, and how many rows of the batch a call must be given so that each is computed as it would be within a larger batch; such
  /// calls start at a multiple. 0: rows depend on where they are.
  Work work;
  int64_t leastRows = 1;

  /// True if a kernel of so much work is worth cutting, at some batch.
  bool divides(Work work);
  /// This call's share of `units`, which may be computed in any order and apart. Cuts the kernel.
  Range share(mlir::Value units, Work work);

  /// Evaluates a linalg body on vectors (or scalars). `args`: a value per block argument, scalar or vector; `indexOf`: the
  /// position along each loop. Accumulator arguments may be null if unused. Returns what the body yields.
  llvm::SmallVector<mlir::Value> evaluate(mlir::linalg::GenericOp op, llvm::ArrayRef<mlir::Value> args,
                                          llvm::function_ref<mlir::Value(unsigned loop)> indexOf, Lanes lanes);

  /// Random words base + offset, as cornu.philox says. An offset that is a vector holds consecutive positions from a multiple of the lanes on.
  mlir::Value randomWords(mlir::Value seed, mlir::Value step, mlir::Value base, mlir::Value offset, bool evenBase, Lanes lanes);

  /// Combines all lanes of a vector with a reduction's combiner, in a fixed tree order.
  mlir::Value reduceLanes(mlir::Value vector, const passes::Combiner &combiner);
  /// combiner(x, y) on scalars or vectors.
  mlir::Value combine(const passes::Combiner &combiner, mlir::Value x, mlir::Value y);

  /// One vector whose lanes are the sums of the lanes of as many vectors, or fewer; lanes beyond are anything.
  mlir::Value sumLanes(llvm::ArrayRef<mlir::Value> rows);

  /// Transposes a square of vectors: in step d, the elements whose position has bit d are exchanged between rows d apart.
  void transpose(llvm::MutableArrayRef<mlir::Value> rows);

  /// Stack memory of `count` elements, allocated once at the kernel's entry, vector-aligned.
  mlir::Value scratch(mlir::Type element, int64_t count);
  mlir::Block *entry = nullptr;
};

/// Lanes of vectors for a kernel: by its widest floating type, or its widest type if all are integers.
unsigned lanesFor(mlir::Block *body, const Target &target);

/// A copy whose innermost loop is contiguous in the result and another loop, `row`, in the source.
struct Transposition {
  mlir::linalg::GenericOp op;
  unsigned row;
  passes::Access from, to;
};
std::optional<Transposition> matchTransposition(KernelBuilder &builder, llvm::ArrayRef<mlir::linalg::GenericOp> ops);
/// The one nest with code of its own: strided reads, element by element, would cost more than the product that follows.
mlir::LogicalResult emitTransposition(KernelBuilder &builder, const Transposition &transposition);

/// The two emitters. Each writes the loops of one kernel body at the builder's insertion point.
mlir::LogicalResult emitContraction(KernelBuilder &builder, const passes::Contraction &root,
                                    llvm::ArrayRef<mlir::linalg::GenericOp> epilogue, mlir::ValueRange yielded);
mlir::LogicalResult emitNest(KernelBuilder &builder, const passes::Nest &nest, mlir::ValueRange yielded);

/// Replaces each kernel function of the module (linalg on tensors) by loops over buffers.
/// Those that take long enough can be shared by threads: see KernelBuilder::smallestPart.
mlir::LogicalResult emitKernels(mlir::ModuleOp module, const Target &target, int64_t smallestPart);

} // namespace cornu::codegen
