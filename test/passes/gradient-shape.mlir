// RUN: cornu-opt %s --cornu-gradient --canonicalize --cse | FileCheck %s

// What moves elements forth moves cotangents back.

// CHECK-LABEL: @broadcast_to
// CHECK-SAME: (%{{.*}}: tensor<1x4xf32>, %[[C:[a-z0-9]+]]: tensor<2x3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.reduce_sum %[[C]] dims [0, 1] keepdims : tensor<2x3x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.reshape %[[V0]] : tensor<1x1x4xf32> to tensor<1x4xf32>
// CHECK-NEXT: return %[[V1]] : tensor<1x4xf32>
func.func @broadcast_to(%x: tensor<1x4xf32>, %c: tensor<2x3x4xf32>) -> tensor<1x4xf32> {
  %y = cornu.broadcast_to %x : tensor<1x4xf32> to tensor<2x3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<2x3x4xf32>, tensor<2x3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1, 2] : tensor<2x3x4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<1x4xf32>)
  return %dx : tensor<1x4xf32>
}

// CHECK-LABEL: @reshape
// CHECK-SAME: (%{{.*}}: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<12xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.reshape %[[C]] : tensor<12xf32> to tensor<3x4xf32>
// CHECK-NEXT: return %[[V0]] : tensor<3x4xf32>
func.func @reshape(%x: tensor<3x4xf32>, %c: tensor<12xf32>) -> tensor<3x4xf32> {
  %y = cornu.reshape %x : tensor<3x4xf32> to tensor<12xf32>
  %cy = cornu.multiply %y, %c : tensor<12xf32>, tensor<12xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<12xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<3x4xf32>)
  return %dx : tensor<3x4xf32>
}

// CHECK-LABEL: @transpose
// CHECK-SAME: (%{{.*}}: tensor<2x3x4xf32>, %[[C:[a-z0-9]+]]: tensor<3x4x2xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.transpose %[[C]] perm [2, 0, 1] : tensor<3x4x2xf32>
// CHECK-NEXT: return %[[V0]] : tensor<2x3x4xf32>
func.func @transpose(%x: tensor<2x3x4xf32>, %c: tensor<3x4x2xf32>) -> tensor<2x3x4xf32> {
  %y = cornu.transpose %x perm [1, 2, 0] : tensor<2x3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x4x2xf32>, tensor<3x4x2xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1, 2] : tensor<3x4x2xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<2x3x4xf32>)
  return %dx : tensor<2x3x4xf32>
}

// CHECK-LABEL: @slice
// CHECK-SAME: (%{{.*}}: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<3x2xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.pad %[[C]] dim 1 low 1 high 1 : tensor<3x2xf32>
// CHECK-NEXT: return %[[V0]] : tensor<3x4xf32>
func.func @slice(%x: tensor<3x4xf32>, %c: tensor<3x2xf32>) -> tensor<3x4xf32> {
  %y = cornu.slice %x dim 1 [1 : 3] : tensor<3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x2xf32>, tensor<3x2xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x2xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<3x4xf32>)
  return %dx : tensor<3x4xf32>
}

// CHECK-LABEL: @pad
// CHECK-SAME: (%{{.*}}: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<3x7xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.slice %[[C]] dim 1 [1 : 5] : tensor<3x7xf32>
// CHECK-NEXT: return %[[V0]] : tensor<3x4xf32>
func.func @pad(%x: tensor<3x4xf32>, %c: tensor<3x7xf32>) -> tensor<3x4xf32> {
  %y = cornu.pad %x dim 1 low 1 high 2 : tensor<3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x7xf32>, tensor<3x7xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x7xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<3x4xf32>)
  return %dx : tensor<3x4xf32>
}

// CHECK-LABEL: @concatenate
// CHECK-SAME: (%{{.*}}: tensor<3x4xf32>, %{{.*}}: tensor<3x1xf32>, %[[C:[a-z0-9]+]]: tensor<3x5xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.slice %[[C]] dim 1 [0 : 4] : tensor<3x5xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.slice %[[C]] dim 1 [4 : 5] : tensor<3x5xf32>
// CHECK-NEXT: return %[[V0]], %[[V1]] : tensor<3x4xf32>, tensor<3x1xf32>
func.func @concatenate(%a: tensor<3x4xf32>, %b: tensor<3x1xf32>, %c: tensor<3x5xf32>) -> (tensor<3x4xf32>, tensor<3x1xf32>) {
  %y = cornu.concatenate %a, %b dim 1 : tensor<3x4xf32>, tensor<3x1xf32>
  %cy = cornu.multiply %y, %c : tensor<3x5xf32>, tensor<3x5xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x5xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<3x4xf32>, tensor<3x1xf32>)
  return %da, %db : tensor<3x4xf32>, tensor<3x1xf32>
}
