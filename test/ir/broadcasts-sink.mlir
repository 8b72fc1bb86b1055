// RUN: cornu-opt %s --canonicalize | FileCheck %s

// An element-wise op broadcasts by itself.
// CHECK-LABEL: @absorbed
// CHECK-SAME: (%[[S:[a-z0-9]+]]: tensor<f32>, %[[X:[a-z0-9]+]]: tensor<?x4xf32>)
func.func @absorbed(%s: tensor<f32>, %x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = cornu.reshape %s : tensor<f32> to tensor<1x1xf32>
  %1 = cornu.broadcast_to %0 : tensor<1x1xf32> to tensor<?x4xf32>
  // CHECK-NEXT: %[[Y:.*]] = cornu.multiply %[[S]], %[[X]] : tensor<f32>, tensor<?x4xf32>
  %2 = cornu.multiply %1, %x : tensor<?x4xf32>, tensor<?x4xf32>
  // CHECK-NEXT: return %[[Y]]
  return %2 : tensor<?x4xf32>
}

// What is computed on broadcast values alone is computed once and broadcast then.
// CHECK-LABEL: @sunk
func.func @sunk(%s: tensor<f32>, %b: tensor<4xf32>) -> tensor<?x4xi1> {
  %0 = cornu.broadcast_to %s : tensor<f32> to tensor<?x4xf32>
  %1 = cornu.broadcast_to %b : tensor<4xf32> to tensor<?x4xf32>
  // CHECK-NEXT: %[[E:.*]] = cornu.exp %{{.*}} : tensor<f32>
  %2 = cornu.exp %0 : tensor<?x4xf32>
  // CHECK-NEXT: %[[M:.*]] = cornu.compare lt %[[E]], %{{.*}} : tensor<f32>, tensor<4xf32>
  %3 = cornu.compare lt %2, %1 : tensor<?x4xf32>, tensor<?x4xf32>
  // CHECK-NEXT: cornu.broadcast_to %[[M]] : tensor<4xi1> to tensor<?x4xi1>
  return %3 : tensor<?x4xi1>
}

// CHECK-LABEL: @twice
func.func @twice(%b: tensor<4xf32>) -> tensor<?x3x4xf32> {
  %0 = cornu.broadcast_to %b : tensor<4xf32> to tensor<3x4xf32>
  // CHECK-NEXT: cornu.broadcast_to %{{.*}} : tensor<4xf32> to tensor<?x3x4xf32>
  %1 = cornu.broadcast_to %0 : tensor<3x4xf32> to tensor<?x3x4xf32>
  return %1 : tensor<?x3x4xf32>
}
