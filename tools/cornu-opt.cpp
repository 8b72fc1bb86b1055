// cornu-opt: reads MLIR, runs passes, prints MLIR. Every dialect and pass that Cornu uses.
#include "codegen/Compiler.h"
#include "codegen/EmitPass.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"
#include "passes/Pipelines.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry dialects;
  cornu::codegen::registerDialects(dialects);
  cornu::passes::registerCornuPasses();
  cornu::passes::registerPipelines();
  cornu::codegen::registerEmitPasses();
  mlir::registerTransformsPasses(); // canonicalize, cse, …
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "Cornu's passes, one by one\n", dialects));
}
