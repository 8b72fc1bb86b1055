// RUN: cornu-opt %s --cornu-gradient --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// The backward ops carry the name of the layer whose forward op they differentiate.

// CHECK-LABEL: @layers
func.func @layers(%x: tensor<?x3xf32>, %w: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %y = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x3xf32>, tensor<3x4xf32> loc("fc1")
  %a = cornu.tanh %y : tensor<?x4xf32> loc("activation")
  %loss = cornu.reduce_sum %a dims [0, 1] : tensor<?x4xf32> loc("loss")
  %dw = cornu.gradient %loss wrt %w : tensor<f32>, (tensor<3x4xf32>)
  // CHECK: cornu.subtract {{.*}} loc("activation")
  // CHECK: cornu.einsum "bk,bn->kn" {{.*}} loc("fc1")
  return %dw : tensor<3x4xf32>
}
