// Memory seen with other dimensions.
#pragma once

#include "passes/KernelAnalysis.h"

namespace cornu::passes {

/// Strides of memory of this shape where each of its dimensions has become one or several of `finer`, from the outermost to the innermost. Fails if they
/// do not multiply to those of the shape.
llvm::FailureOr<llvm::SmallVector<Stride>> splitStrides(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<Stride> strides, llvm::ArrayRef<int64_t> finer);

} // namespace cornu::passes
