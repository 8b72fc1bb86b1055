// The compiler's table of contents: which passes make up each stage.
#pragma once

#include "mlir/Pass/PassManager.h"

namespace cornu::passes {

/// graph → cornu: derivatives written out, dead and repeated work removed.
void buildDifferentiatePipeline(mlir::OpPassManager &pm);
/// cornu → linalg: structured ops in kernels, every value placed in memory.
void buildStructurePipeline(mlir::OpPassManager &pm);

/// Registers both as `--cornu-differentiate` and `--cornu-structure`.
void registerPipelines();

} // namespace cornu::passes
