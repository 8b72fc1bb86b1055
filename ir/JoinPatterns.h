// Simplification of pads and concatenations.
#pragma once

namespace mlir {
class RewritePatternSet;
}

namespace cornu::ir {

/// Sums of tensors padded to lie side by side, which the gradients of slices are, become concatenations; concatenations of concatenations become one.
void populateJoinPatterns(mlir::RewritePatternSet &patterns);

} // namespace cornu::ir
