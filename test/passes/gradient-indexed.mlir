// RUN: cornu-opt %s --cornu-gradient --canonicalize --cse | FileCheck %s

// A row gathers what flows back to all of its copies.

// CHECK-LABEL: @gather
// CHECK-SAME: (%{{.*}}: tensor<9x4xf32>, %[[IDS:[a-z0-9]+]]: tensor<?x3xi32>, %[[C:[a-z0-9]+]]: tensor<?x3x4xf32>
// CHECK-NEXT: %[[G:.*]] = cornu.scatter_add %[[C]][%[[IDS]]] : tensor<?x3x4xf32>, tensor<?x3xi32> to tensor<9x4xf32>
// CHECK-NEXT: return %[[G]]
func.func @gather(%x: tensor<9x4xf32>, %ids: tensor<?x3xi32>, %c: tensor<?x3x4xf32>) -> tensor<9x4xf32> {
  %y = cornu.gather %x[%ids] : tensor<9x4xf32>, tensor<?x3xi32>
  %cy = cornu.multiply %y, %c : tensor<?x3x4xf32>, tensor<?x3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1, 2] : tensor<?x3x4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<9x4xf32>)
  return %dx : tensor<9x4xf32>
}

// CHECK-LABEL: @scatter_add
// CHECK: cornu.gather %{{.*}}[%{{.*}}] : tensor<9x4xf32>, tensor<5xi64>
func.func @scatter_add(%x: tensor<5x4xf32>, %ids: tensor<5xi64>, %c: tensor<9x4xf32>) -> tensor<5x4xf32> {
  %y = cornu.scatter_add %x[%ids] : tensor<5x4xf32>, tensor<5xi64> to tensor<9x4xf32>
  %cy = cornu.multiply %y, %c : tensor<9x4xf32>, tensor<9x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<9x4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<5x4xf32>)
  return %dx : tensor<5x4xf32>
}
