// Reverse-mode differentiation of a list of ops: the part that functions and the bodies of loops share.
#pragma once

#include "ir/CornuOps.h"

namespace cornu::passes {

/// Cotangents flow from values back to those they are computed from, through the ops of one block.
class Backward {
public:
  /// Cotangents are built by `builder`.
  explicit Backward(mlir::OpBuilder &builder) : builder(builder) {}

  /// Finds the ops through which a change of a value in `from` reaches one in `to`. Nothing else has part in the derivative.
  void findPath(llvm::iterator_range<mlir::Block::iterator> ops, llvm::ArrayRef<mlir::Value> from, llvm::ArrayRef<mlir::Value> to);
  /// Does the value change with one in `from`? Is one in `to` computed from it?
  bool isVaried(mlir::Value value) const { return varied.contains(value); }
  bool isUseful(mlir::Value value) const { return useful.contains(value); }

  /// Adds to the cotangent of a varied value: where a value fans out, its cotangents sum.
  void flowInto(mlir::Value value, mlir::Value grad);
  /// Visits the path, last op first.
  mlir::LogicalResult run();
  /// Null where nothing flowed.
  mlir::Value cotangent(mlir::Value value) const { return cotangents.lookup(value); }
  mlir::Value cotangentOrZeros(mlir::Value value);

  /// `value` is gone, `by` stands for it.
  void replace(mlir::Value value, mlir::Value by);

  mlir::OpBuilder &builder;

private:
  mlir::LogicalResult visit(mlir::Operation *forward);

  std::vector<mlir::Operation *> path; ///< in program order
  llvm::DenseSet<mlir::Value> varied, useful;
  llvm::DenseMap<mlir::Value, mlir::Value> cotangents;
};

bool isFloating(mlir::Value value);

/// Rules build the cotangents of all operands; those nobody asked for go.
void eraseDeadOps(mlir::Block &block);

/// The gradient of a loop: a loop backwards (see Scan.cpp). The cotangents of its results are those that `outer` holds.
mlir::LogicalResult differentiateScan(ir::ScanOp scan, Backward &outer);

} // namespace cornu::passes
