// The passes on cornu modules; one file of C++ each.
#ifndef CORNU_PASSES_TD
#define CORNU_PASSES_TD

include "mlir/Pass/PassBase.td"

def GradientPass : Pass<"cornu-gradient", "::mlir::ModuleOp"> {
  let summary = "replace cornu.gradient by the ops of the backward pass";
  let description = [{
    For each `cornu.gradient`, the ops that lead from a `wrt` value to the loss are walked once, last to first. Each op's `buildVjp`
    turns the cotangents of its results into those of its operands; a value used more than once sums what flows back. A value on which the loss does not
    depend gets zeros. Ops marked NotDifferentiable, and integral values, pass nothing on. An op that leads to the loss
    and has no rule is an error.

    Before:
    ```mlir
    %y = cornu.multiply %x, %x : tensor<f32>, tensor<f32>
    %dx = cornu.gradient %y wrt %x : tensor<f32>, (tensor<f32>)
    ```
    After, simplified:
    ```mlir
    %dx = cornu.add %x, %x : tensor<f32>, tensor<f32>
    ```
  }];
  let dependentDialects = ["::cornu::ir::CornuDialect"];
}

#endif
