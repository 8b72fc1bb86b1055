// Groups structured ops of one block into kernels. Internal to the pass.
#pragma once

#include "ir/CornuOps.h"
#include "llvm/ADT/SetVector.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/KernelAnalysis.h"

namespace cornu::passes {

class KernelFormer {
public:
  KernelFormer(mlir::func::FuncOp function, mlir::Block &block) : function(function), block(block) {
    for (auto [i, op] : llvm::enumerate(block))
      position[&op] = i;
  }
  void run();

  /// True for ops without work of their own, cloned into every kernel that needs them.
  static bool isSetup(mlir::Operation *op);

private:
  static constexpr unsigned maxOpsInKernel = 64;
  using GenericOp = mlir::linalg::GenericOp;
  using Members = llvm::SetVector<mlir::Operation *>;
  struct Group {
    llvm::SmallVector<GenericOp> ops;            ///< in program order
    std::optional<Contraction> root;
  };

  mlir::func::FuncOp function;
  mlir::Block &block;
  std::vector<Group> groups;
  llvm::DenseMap<mlir::Operation *, unsigned> groupOf;
  llvm::DenseMap<mlir::Operation *, unsigned> position;

  //===-- Legality and grouping: FormKernels.cpp ---------------------------===//

  /// The op of this block that makes `value`, or null.
  mlir::Operation *definition(mlir::Value value) const;
  /// What `op` is computed from, inside of loops too.
  static llvm::SmallVector<mlir::Value> inputsOf(mlir::Operation *op);
  /// True if no path leaves `members` and comes back.
  bool isConvex(const Members &members);
  static int64_t cost(GenericOp op);
  /// True if `op` may sit in the epilogue beside `members`: what it reads of them it reads point by point.
  bool fitsEpilogue(const Contraction &root, GenericOp op, const Members &members);
  void growContraction(unsigned g);
  /// Takes `last`, all of whose users are in other kernels, out of `members`, with the ops that only it needs; unless that would
  /// be costly to recompute or would make another value leave the kernel.
  bool leaveToConsumers(mlir::Operation *last, Members &members);
  bool groupOfRoot(mlir::Operation *op);
  void assign(Group &group, const Members &members);
  Members membersOf(llvm::ArrayRef<unsigned> with) const;
  /// Makes one group of several, in the place of the first.
  void unite(llvm::ArrayRef<unsigned> with, Group united);
  void joinNest(GenericOp op);
  bool tryJoin(GenericOp op, llvm::ArrayRef<unsigned> with);
  /// Moves the ops so that each group is contiguous, keeping program order where dependences allow.
  void order();
  std::string nameOf(const Group &group);
  void outline(Group &group);

  //===-- What kernels read and write: KernelTraffic.cpp --------------------===//

  /// Joins nests over the same loops that read the same tensors.
  void joinSiblings();
  bool tryJoinSiblings(unsigned g, unsigned h);
  /// Nests compute what is cheap again from what they read anyway, instead of having it written for them.
  void recompute();
  /// Each kernel that reads what `last` makes gets a clone of it, with what only it is made of.
  bool tryRecompute(GenericOp last);
  llvm::SmallVector<mlir::Operation *> dead;     ///< whose clones took over
};

} // namespace cornu::passes
