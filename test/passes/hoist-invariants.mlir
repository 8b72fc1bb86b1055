// RUN: cornu-opt %s --cornu-hoist-invariants | FileCheck %s

// CHECK-LABEL: @f
// CHECK-SAME: (%[[XS:.*]]: tensor<?x5x4xf32>, %[[W:.*]]: tensor<4x4xf32>)
func.func @f(%xs: tensor<?x5x4xf32>, %w: tensor<4x4xf32>) -> tensor<?x5x4xf32> {
  // Out of both loops, with what follows from it.
  // CHECK: %[[S:.*]] = cornu.sigmoid %[[W]]
  // CHECK: %[[T:.*]] = cornu.transpose %[[S]] perm [1, 0]
  // CHECK: cornu.scan
  %ys = cornu.scan init() over(%xs) axis 1 length 5 : (tensor<?x5x4xf32>) -> tensor<?x5x4xf32> {
  // CHECK: ^bb0(%[[X:.*]]: tensor<?x4xf32>)
  ^bb0(%x: tensor<?x4xf32>):
    // Out of the inner loop alone.
    // CHECK: %[[D:.*]] = cornu.tanh %[[X]]
    // CHECK: cornu.scan init(%[[X]])
    %z = cornu.scan init(%x) over() axis 1 length 3 : (tensor<?x4xf32>) -> tensor<?x4xf32> {
    // CHECK: ^bb0(%[[H:.*]]: tensor<?x4xf32>)
    ^bb0(%h: tensor<?x4xf32>):
      %s = cornu.sigmoid %w : tensor<4x4xf32>
      %t = cornu.transpose %s perm [1, 0] : tensor<4x4xf32>
      %d = cornu.tanh %x : tensor<?x4xf32>
      // CHECK-NEXT: %[[U:.*]] = cornu.einsum "bk,kn->bn" %[[H]], %[[T]]
      %u = cornu.einsum "bk,kn->bn" %h, %t : tensor<?x4xf32>, tensor<4x4xf32>
      // CHECK-NEXT: cornu.add %[[U]], %[[D]]
      %next = cornu.add %u, %d : tensor<?x4xf32>, tensor<?x4xf32>
      cornu.yield %next : tensor<?x4xf32>
    }
    cornu.yield %z : tensor<?x4xf32>
  }
  return %ys : tensor<?x5x4xf32>
}
