// RUN: cornu-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @nothing_moves
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>)
func.func @nothing_moves(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = cornu.reshape %x : tensor<?x4xf32> to tensor<?x4xf32>
  %1 = cornu.broadcast_to %0 : tensor<?x4xf32> to tensor<?x4xf32>
  %2 = cornu.slice %1 dim 1 [0 : 4] : tensor<?x4xf32>
  %3 = cornu.pad %2 dim 1 low 0 high 0 : tensor<?x4xf32>
  // CHECK-NEXT: return %[[X]]
  return %3 : tensor<?x4xf32>
}

// CHECK-LABEL: @there_and_back
// CHECK-SAME: (%[[X:.*]]: tensor<?x2x3xf32>)
func.func @there_and_back(%x: tensor<?x2x3xf32>) -> tensor<?x2x3xf32> {
  %0 = cornu.transpose %x perm [1, 2, 0] : tensor<?x2x3xf32>
  %1 = cornu.transpose %0 perm [2, 0, 1] : tensor<2x3x?xf32>
  %2 = cornu.reshape %1 : tensor<?x2x3xf32> to tensor<?x6xf32>
  %3 = cornu.reshape %2 : tensor<?x6xf32> to tensor<?x2x3xf32>
  // CHECK-NEXT: return %[[X]]
  return %3 : tensor<?x2x3xf32>
}

// CHECK-LABEL: @two_transposes
func.func @two_transposes(%x: tensor<?x2x3xf32>) -> tensor<3x2x?xf32> {
  %0 = cornu.transpose %x perm [1, 2, 0] : tensor<?x2x3xf32>
  // CHECK-NEXT: cornu.transpose %{{.*}} perm [2, 1, 0] : tensor<?x2x3xf32>
  %1 = cornu.transpose %0 perm [1, 0, 2] : tensor<2x3x?xf32>
  return %1 : tensor<3x2x?xf32>
}

// CHECK-LABEL: @constants
func.func @constants() -> (tensor<2x2xf32>, tensor<3x2xf32>) {
  %0 = cornu.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  // CHECK-DAG: cornu.constant dense<{{\[}}[1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]>
  %1 = cornu.reshape %0 : tensor<4xf32> to tensor<2x2xf32>
  %2 = cornu.constant dense<7.0> : tensor<f32>
  // CHECK-DAG: cornu.constant dense<7.000000e+00> : tensor<3x2xf32>
  %3 = cornu.broadcast_to %2 : tensor<f32> to tensor<3x2xf32>
  return %1, %3 : tensor<2x2xf32>, tensor<3x2xf32>
}
