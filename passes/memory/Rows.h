// Kernels that compute each row of the batch by itself, whose loops threads can therefore share row by row.
#pragma once

#include "passes/memory/Places.h"

namespace cornu::passes {

/// True if each row of the batch of every result depends on that row of the inputs alone, wherever it stands.
bool computesRowsApart(ir::KernelOp kernel);

/// Bytes between rows of the batch of each input, then of each result; 0: all rows share it. Fails where a result has no rows, or rows are not a constant apart.
llvm::FailureOr<llvm::SmallVector<int64_t>> rowBytes(ir::KernelOp kernel, Places &places);

} // namespace cornu::passes
