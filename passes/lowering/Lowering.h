// From cornu ops to structured ops, family by family. Every element-wise op, reduction and contraction becomes one
// linalg.generic whose loops run over the dimensions of extent other than 1; reshape, slice and concatenate stay as they
// are, for the memory planner makes them views. Booleans are kept in memory as i8.
#pragma once

#include "ir/CornuOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "passes/KernelAnalysis.h"

namespace cornu::passes {

class Lowering {
public:
  explicit Lowering(mlir::func::FuncOp function) : function(function), b(function.getContext()) {}

  /// Rewrites the whole function. Reports ops it does not know.
  mlir::LogicalResult run();

private:
  mlir::func::FuncOp function;
  mlir::OpBuilder b;
  mlir::IRMapping values;        // cornu value → structured value
  mlir::StringRef opName;        // mnemonic of the op being lowered; names its kernel

  // One function a family; false: the op is of another family.
  bool lowerElementwise(mlir::Operation *op);
  bool lowerContraction(mlir::Operation *op);
  bool lowerConvolution(ir::ConvolutionOp op);
  /// Whether Winograd's algorithm is faster for a 3x3 convolution, or the gradient of such a one's kernel. It reads whole tiles of two results: along both windows x has one
  /// more row and column in memory, of numbers, where the results are odd.
  enum class Winograd { No, Convolution, Gradient };
  static Winograd paysWinograd(ir::ConvolutionOp op);
  /// True for a convolution, or the gradient of its kernel, that knows where its windows end, which is so many positions before and after x.
  static bool knowsEdges(ir::ConvolutionOp op, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high);
  /// x with at least so many zeros before and after it along each dimension; says how many. One such copy of x serves all convolutions that it is wide
  /// enough for.
  struct Padded {
    mlir::Value x, padded;
    llvm::SmallVector<int64_t> low, high;
  };
  Padded paddedWithZeros(mlir::Location loc, mlir::Value x, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high);
  llvm::SmallVector<Padded> paddings;
  /// A copy of x without the elements that no window reads, where windows do not meet and the kernel is large: the image is then one long row, all of which takes a part of
  /// the kernel before the next. Adapts the windows.
  mlir::Value withoutGaps(ir::ConvolutionOp op, mlir::Value x, llvm::MutableArrayRef<ir::Window> windows);
  bool lowerReduction(mlir::Operation *op);
  bool lowerShape(mlir::Operation *op);
  bool lowerIndexed(mlir::Operation *op);
  bool lowerRandom(mlir::Operation *op);

  /// Any op but those that end the function. Reports one that it does not know.
  mlir::LogicalResult lower(mlir::Operation *op);
  mlir::LogicalResult lowerScan(ir::ScanOp scan);

  mlir::Value lowered(mlir::Value value) { return values.lookup(value); }
  static mlir::RankedTensorType storageType(mlir::Type type);

  /// The loops of an op over `shape`: one per dimension of extent other than 1.
  struct Loops {
    llvm::SmallVector<int> loopOf;         // per dimension; -1: extent 1
    unsigned count = 0;
  };
  static Loops loopsOver(llvm::ArrayRef<int64_t> shape);
  /// Map of an operand whose trailing dimensions align with those of the loops' shape (NumPy's rule).
  mlir::AffineMap alignedMap(const Loops &loops, llvm::ArrayRef<int64_t> operandShape);

  using Body = llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;
  mlir::Value filled(mlir::Location loc, mlir::RankedTensorType type, mlir::TypedAttr value);
  /// A generic; operands that are splat constants become constants of the body.
  mlir::Value generic(mlir::Location loc, llvm::ArrayRef<mlir::Value> inputs, llvm::ArrayRef<mlir::AffineMap> maps, mlir::Value init,
                      mlir::AffineMap outputMap, llvm::ArrayRef<mlir::utils::IteratorType> iterators, Body body, bool reduction);
  /// Point-wise over a result type.
  mlir::Value pointwise(mlir::Location loc, mlir::RankedTensorType type, llvm::ArrayRef<mlir::Value> inputs, Body body);
  mlir::Value transposed(mlir::Location loc, mlir::Value x, llvm::ArrayRef<int64_t> perm);
  /// x, which must be a value of its own or joined pieces, between `low` and `high` elements of `fill` along `dim`.
  mlir::Value padded(mlir::Location loc, mlir::Value x, int64_t dim, int64_t low, int64_t high, mlir::TypedAttr fill);
  /// y = Σ a·b over loops that characters name: those of the result, then the summed ones. A window's digit in a stands for
  /// stride · (digit of y) + dilation · (digit of b) + offset, all of it within a, or, along the edges, in memory or not.
  mlir::Value contraction(mlir::Location loc, ir::EinsumTerms terms, mlir::Value a, mlir::Value b, llvm::ArrayRef<ir::Window> windows,
                          mlir::RankedTensorType type, llvm::ArrayRef<Edge> edges = {});
  /// True for a convolution of many channels with few results for each position: its vectors are to lie along the channels.
  static bool hasLanesAlongSum(ir::EinsumTerms terms, mlir::Value a, mlir::Value w, mlir::RankedTensorType type);
  /// A value that a kernel of this block writes (or, if `joined`, several kernels write parts of) and that nothing else owns: what assign, return
  /// and yield need.
  mlir::Value ownResult(mlir::Location loc, mlir::Value x, llvm::SmallPtrSetImpl<mlir::Value> &taken, bool joined);
  /// `start`, or a copy of it, as a value that nothing else reads: what a loop or a scatter writes over needs memory of its own.
  mlir::Value ownStart(mlir::Location loc, mlir::Value start);
  bool isContiguous(mlir::Value x);
  /// True if x, not lowered yet, is all that becomes of what a loop of this block stacks, with dimensions joined perhaps. The loop may then write it where x goes.
  bool isOfLoop(mlir::Value x);
};

} // namespace cornu::passes
