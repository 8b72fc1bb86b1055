// RUN: cornu-opt %s --cornu-gradient --canonicalize --cse | FileCheck %s

// Reductions spread their cotangent again.

// CHECK-LABEL: @reduce_sum
// CHECK-SAME: (%{{.*}}: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<3xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.reshape %[[C]] : tensor<3xf32> to tensor<3x1xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.broadcast_to %[[V0]] : tensor<3x1xf32> to tensor<3x4xf32>
// CHECK-NEXT: return %[[V1]] : tensor<3x4xf32>
func.func @reduce_sum(%x: tensor<3x4xf32>, %c: tensor<3xf32>) -> tensor<3x4xf32> {
  %y = cornu.reduce_sum %x dims [1] : tensor<3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<3xf32>, tensor<3xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<3xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<3x4xf32>)
  return %dx : tensor<3x4xf32>
}

// CHECK-LABEL: @reduce_sum_keepdims
// CHECK-SAME: (%{{.*}}: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<3x1xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.broadcast_to %[[C]] : tensor<3x1xf32> to tensor<3x4xf32>
// CHECK-NEXT: return %[[V0]] : tensor<3x4xf32>
func.func @reduce_sum_keepdims(%x: tensor<3x4xf32>, %c: tensor<3x1xf32>) -> tensor<3x4xf32> {
  %y = cornu.reduce_sum %x dims [1] keepdims : tensor<3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x1xf32>, tensor<3x1xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x1xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<3x4xf32>)
  return %dx : tensor<3x4xf32>
}

// CHECK-LABEL: @reduce_max
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<3xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.reduce_max %[[X]] dims [1] : tensor<3x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.reshape %[[V0]] : tensor<3xf32> to tensor<3x1xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.reshape %[[C]] : tensor<3xf32> to tensor<3x1xf32>
// CHECK-NEXT: %[[V3:.*]] = cornu.compare eq %[[X]], %[[V1]] : tensor<3x4xf32>, tensor<3x1xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.cast %[[V3]] : tensor<3x4xi1> to tensor<3x4xf32>
// CHECK-NEXT: %[[V5:.*]] = cornu.reduce_sum %[[V4]] dims [1] keepdims : tensor<3x4xf32>
// CHECK-NEXT: %[[V6:.*]] = cornu.divide %[[V2]], %[[V5]] : tensor<3x1xf32>, tensor<3x1xf32>
// CHECK-NEXT: %[[V7:.*]] = cornu.multiply %[[V4]], %[[V6]] : tensor<3x4xf32>, tensor<3x1xf32>
// CHECK-NEXT: return %[[V7]] : tensor<3x4xf32>
func.func @reduce_max(%x: tensor<3x4xf32>, %c: tensor<3xf32>) -> tensor<3x4xf32> {
  %y = cornu.reduce_max %x dims [1] : tensor<3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<3xf32>, tensor<3xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<3xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<3x4xf32>)
  return %dx : tensor<3x4xf32>
}

// CHECK-LABEL: @reduce_min
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<3x1xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.reduce_min %[[X]] dims [1] keepdims : tensor<3x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.compare eq %[[X]], %[[V0]] : tensor<3x4xf32>, tensor<3x1xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.cast %[[V1]] : tensor<3x4xi1> to tensor<3x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cornu.reduce_sum %[[V2]] dims [1] keepdims : tensor<3x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.divide %[[C]], %[[V3]] : tensor<3x1xf32>, tensor<3x1xf32>
// CHECK-NEXT: %[[V5:.*]] = cornu.multiply %[[V2]], %[[V4]] : tensor<3x4xf32>, tensor<3x1xf32>
// CHECK-NEXT: return %[[V5]] : tensor<3x4xf32>
func.func @reduce_min(%x: tensor<3x4xf32>, %c: tensor<3x1xf32>) -> tensor<3x4xf32> {
  %y = cornu.reduce_min %x dims [1] keepdims : tensor<3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x1xf32>, tensor<3x1xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x1xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<3x4xf32>)
  return %dx : tensor<3x4xf32>
}

// CHECK-LABEL: @softmax
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.softmax %[[X]] dims [1] : tensor<3x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.multiply %[[C]], %[[V0]] : tensor<3x4xf32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.reduce_sum %[[V1]] dims [1] keepdims : tensor<3x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cornu.subtract %[[C]], %[[V2]] : tensor<3x4xf32>, tensor<3x1xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.multiply %[[V0]], %[[V3]] : tensor<3x4xf32>, tensor<3x4xf32>
// CHECK-NEXT: return %[[V4]] : tensor<3x4xf32>
func.func @softmax(%x: tensor<3x4xf32>, %c: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %y = cornu.softmax %x dims [1] : tensor<3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x4xf32>, tensor<3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<3x4xf32>)
  return %dx : tensor<3x4xf32>
}

// CHECK-LABEL: @log_softmax
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.log_softmax %[[X]] dims [1] : tensor<3x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.exp %[[V0]] : tensor<3x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.reduce_sum %[[C]] dims [1] keepdims : tensor<3x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cornu.multiply %[[V1]], %[[V2]] : tensor<3x4xf32>, tensor<3x1xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.subtract %[[C]], %[[V3]] : tensor<3x4xf32>, tensor<3x4xf32>
// CHECK-NEXT: return %[[V4]] : tensor<3x4xf32>
func.func @log_softmax(%x: tensor<3x4xf32>, %c: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %y = cornu.log_softmax %x dims [1] : tensor<3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x4xf32>, tensor<3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<3x4xf32>)
  return %dx : tensor<3x4xf32>
}

