// A planned function as launches on pointers.
#pragma once

#include "passes/ArenaPlan.h"
#include "passes/memory/Outline.h"
#include "passes/memory/Places.h"
#include "passes/memory/RowBlocks.h"
#include "passes/memory/Schedule.h"

namespace cornu::passes {

/// What was decided about one function.
struct MemoryPlan {
  MemoryPlan(mlir::func::FuncOp function, const llvm::StringMap<unsigned> &variables) : function(function), places(function, variables) {}

  mlir::func::FuncOp function;
  Places places;
  llvm::DenseMap<mlir::Block *, std::unique_ptr<Schedule>> schedules;
  llvm::SmallVector<RowBlock> blocks;
  llvm::DenseSet<unsigned> ofBlocks;    ///< buffers of the arena that have but the rows of a block
  llvm::SmallVector<ArenaBuffer> buffers;
  ArenaLayout layout;
};

/// Replaces the function by one that takes tables of pointers and launches its kernels, loops as scf.for.
void emitLaunches(MemoryPlan &plan, Outliner &outliner);

} // namespace cornu::passes
