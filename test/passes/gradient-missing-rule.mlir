// RUN: cornu-opt %s --cornu-gradient --verify-diagnostics

func.func @missing(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @below {{'cornu.kernel' op has no gradient rule, but leads from a differentiated value to the loss. Give it a buildVjp, mark it NotDifferentiable, or put cornu.stop_gradient before it}}
  %y = cornu.kernel "k" %x : (tensor<f32>) -> tensor<f32> {
  ^bb0(%a: tensor<f32>):
    cornu.yield %a : tensor<f32>
  }
  %dx = cornu.gradient %y wrt %x : tensor<f32>, (tensor<f32>)
  return %dx : tensor<f32>
}
