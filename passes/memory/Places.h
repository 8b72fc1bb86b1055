// Where each value of a function lies.
#pragma once

#include "ir/CornuOps.h"
#include "llvm/ADT/StringMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/KernelAnalysis.h"

namespace cornu::passes {

struct Place {
  enum Kind { Input, Output, Variable, Constant, Arena, Alternating } kind;
  unsigned index;                        ///< argument, result, variable, constant, buffer of the arena, or pair of buffers
  int64_t offset = 0;                    ///< elements
  llvm::SmallVector<Stride> strides;
  bool next = false;                     ///< of a pair: the buffer for the next step instead of that for the current one
  struct Step {
    mlir::Operation *loop;
    int64_t stride;
    bool operator==(const Step &) const = default;
  };
  llvm::SmallVector<Step, 1> steps = {}; ///< loops whose time, times so many elements, is added to the offset
  bool operator==(const Place &) const = default;
};

/// What the kernel of `result` adds to in the memory of `result`, or null.
mlir::Value startOf(mlir::OpResult result);

class Places {
public:
  Places(mlir::func::FuncOp function, const llvm::StringMap<unsigned> &variables);

  /// `value` is written straight into a variable.
  void bindToVariable(mlir::Value value, llvm::StringRef variable) { inVariable[value] = variables.lookup(variable); }
  bool isReturned(mlir::Value value) const { return returned.count(value); }
  bool isInVariable(mlir::Value value) const { return inVariable.count(value); }
  /// The carried value is updated in its place. Otherwise two buffers take turns: each step reads one and writes the other.
  void updateInPlace(ir::ScanOp scan, unsigned carried) { updated.insert({scan, carried}); }

  Place operator[](mlir::Value value);

  struct Buffer {
    mlir::RankedTensorType type;
    mlir::Block *block;                  ///< where what it holds is made: it lives between steps of this block
  };
  llvm::ArrayRef<Buffer> arena() const { return buffers; }
  llvm::ArrayRef<mlir::Value> constants() const { return constantValues; }
  struct Pair {
    Place first, second;                 ///< what the first step reads, and writes
  };
  const Pair &pair(unsigned index) const { return pairs[index]; }
  /// Pairs of a loop.
  llvm::ArrayRef<unsigned> pairsOf(mlir::Operation *scan) { return loopPairs[scan]; }

private:
  /// What a value is made for: the first carried value of a loop, the next one of a step, or an output.
  struct Role {
    enum Kind { First, Next, Output } kind;
    ir::ScanOp scan;
    unsigned index;
  };

  Place locate(mlir::Value value);
  Place carried(ir::ScanOp scan, unsigned index, bool next);
  unsigned pairFor(ir::ScanOp scan, unsigned index);
  /// The part of `whole` that belongs to the current step of `scan`.
  static Place slice(Place whole, ir::ScanOp scan);
  Place inArena(mlir::RankedTensorType type, mlir::Block *block);

  const llvm::StringMap<unsigned> &variables;
  llvm::DenseMap<mlir::Value, unsigned> returned, inVariable;
  llvm::DenseMap<mlir::Value, std::pair<ir::ConcatenateOp, unsigned>> pieces;
  llvm::DenseMap<mlir::Value, Role> roles;
  llvm::DenseMap<mlir::Value, mlir::Value> seenAs; ///< what a loop stacks → a view of it whose place is known first
  llvm::DenseMap<mlir::Value, mlir::Value> sums;   ///< what a kernel starts from → the sum that it leaves there
  llvm::DenseSet<std::pair<mlir::Operation *, unsigned>> updated;
  llvm::DenseMap<mlir::Value, Place> known;
  llvm::SmallVector<Buffer> buffers;
  llvm::SmallVector<mlir::Value> constantValues;
  llvm::SmallVector<Pair> pairs;
  llvm::DenseMap<std::pair<mlir::Operation *, unsigned>, unsigned> pairIndex;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<unsigned>> loopPairs;
};

} // namespace cornu::passes
