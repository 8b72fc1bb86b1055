// Simplification of loops.
#pragma once

namespace mlir {
class RewritePatternSet;
}

namespace cornu::ir {

/// What a loop carries, takes or gives without need: values nobody uses, the same twice, what never changes, slices passed through.
void populateScanPatterns(mlir::RewritePatternSet &patterns);

} // namespace cornu::ir
