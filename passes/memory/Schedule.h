// The order in which the kernels and loops of a block run.
#pragma once

#include "ir/CornuOps.h"
#include "llvm/ADT/DenseMap.h"

namespace cornu::passes {

/// True for ops that rename memory: reshape, slice.
bool isView(mlir::Operation *op);

/// The steps of one block, kernels and loops: first as they stand, then (`order`) as they run.
class Schedule {
public:
  explicit Schedule(mlir::Block &block);

  llvm::ArrayRef<mlir::Operation *> steps() const { return list; }
  void add(mlir::Operation *step) { list.push_back(step); }
  /// Makes `step` run after those in `before`, whatever it computes from.
  void runAfter(mlir::Operation *step, llvm::ArrayRef<mlir::Operation *> before) { llvm::append_range(after[step], before); }
  bool dependsOn(mlir::Operation *step, mlir::Operation *on);
  /// Steps that read one of the values, be it through views or inside of loops.
  llvm::SmallVector<mlir::Operation *> readersOf(llvm::ArrayRef<mlir::Value> values);
  /// Puts the steps in a legal order, close to the one in which they stand.
  void order();
  /// Makes step `from` run before step `to` < `from`, if it depends on none of those from there on. False if it does.
  bool advance(unsigned from, unsigned to);

private:
  /// Steps that must run before `step`.
  void predecessors(mlir::Operation *step, llvm::function_ref<void(mlir::Operation *)> visit);

  mlir::Block &block;
  llvm::SmallVector<mlir::Operation *> list;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::Operation *>> after;
};

/// Lets `kernel` write its result over the memory of `old` (several values: reads of one variable), if it reads that only at the element that it
/// writes, before it writes it, and all other readers can run before: then they will. False if it cannot be.
bool writeInPlace(Schedule &schedule, mlir::OpResult result, llvm::ArrayRef<mlir::Value> old);

} // namespace cornu::passes
