// Kernels that one after the other go through some rows of the batch, before the next rows follow.
#pragma once

#include "passes/memory/Places.h"
#include "passes/memory/Schedule.h"

namespace cornu::passes {

/// A run of kernels each of which computes rows of the batch apart, and what passes between them, of all rows, is more than the second-level cache holds: of few rows
/// at a time, it stays there. What nothing else reads needs memory for those rows alone.
struct RowBlock {
  unsigned first, last;   ///< steps of the function, inclusive
  int64_t rows;           ///< at a time
};

/// The blocks among the steps of a function, in order. What has no rows, such as weights that are transposed, is moved out of their way.
llvm::SmallVector<RowBlock> findRowBlocks(Schedule &schedule, Places &places);

} // namespace cornu::passes
