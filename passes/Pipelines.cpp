#include "passes/Pipelines.h"

#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"

namespace cornu::passes {

void buildDifferentiatePipeline(mlir::OpPassManager &pm) {
  pm.addPass(mlir::createCSEPass());
  pm.addPass(createHoistInvariantsPass());
  pm.addPass(createHoistProjectionsPass()); // before gradients, which follow: those of a projection stand outside of the loop as it does
  pm.addPass(createGradientPass());
  pm.addPass(createDecomposePass());
  pm.addPass(mlir::createCanonicalizerPass());
  pm.addPass(createFoldConstantsPass());
  pm.addPass(mlir::createCSEPass());
  pm.addPass(createHoistInvariantsPass());
  pm.addPass(createHoistProjectionsPass());
  pm.addPass(createSinkSumsPass());
  pm.addPass(createSinkScattersPass());
  pm.addPass(mlir::createCanonicalizerPass());
  pm.addPass(mlir::createCSEPass());
  pm.addPass(createCutScansPass()); // last: a block's contraction is one that the passes above would move before all blocks
}

void buildStructurePipeline(mlir::OpPassManager &pm) {
  pm.addPass(createLowerToLinalgPass());
  pm.addPass(createFormKernelsPass());
  pm.addPass(createPlanMemoryPass());
}

void registerPipelines() {
  mlir::PassPipelineRegistration<>("cornu-differentiate", "graph to cornu: gradients, simplification", buildDifferentiatePipeline);
  mlir::PassPipelineRegistration<>("cornu-structure", "cornu to linalg: kernels and memory", buildStructurePipeline);
}

} // namespace cornu::passes
