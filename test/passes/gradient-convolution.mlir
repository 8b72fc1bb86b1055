// RUN: cornu-opt %s --cornu-gradient --canonicalize --cse | FileCheck %s

// The gradient of a convolution is two convolutions: the relation between positions, solved for those of x and of the kernel.

// CHECK-LABEL: @strided
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<?x9x2xf32>, %[[W:[a-z0-9]+]]: tensor<3x2x4xf32>, %[[C:[a-z0-9]+]]: tensor<?x5x4xf32>
// CHECK-NEXT: %[[DX:.*]] = cornu.convolution "b0o,0io->b0i" %[[C]], %[[W]] strides [1] dilations [-1] offsets [1] bases [2] : tensor<?x5x4xf32>, tensor<3x2x4xf32> to tensor<?x9x2xf32>
// CHECK-NEXT: %[[DW:.*]] = cornu.convolution "b0i,b0o->0io" %[[X]], %[[C]] strides [1] dilations [2] offsets [-1] bases [1] : tensor<?x9x2xf32>, tensor<?x5x4xf32> to tensor<3x2x4xf32>
// CHECK-NEXT: return %[[DX]], %[[DW]]
func.func @strided(%x: tensor<?x9x2xf32>, %w: tensor<3x2x4xf32>, %c: tensor<?x5x4xf32>) -> (tensor<?x9x2xf32>, tensor<3x2x4xf32>) {
  %y = cornu.convolution "b0i,0io->b0o" %x, %w strides [2] dilations [1] offsets [-1] bases [1] : tensor<?x9x2xf32>, tensor<3x2x4xf32> to tensor<?x5x4xf32>
  %cy = cornu.multiply %y, %c : tensor<?x5x4xf32>, tensor<?x5x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1, 2] : tensor<?x5x4xf32>
  %dx, %dw = cornu.gradient %loss wrt %x, %w : tensor<f32>, (tensor<?x9x2xf32>, tensor<3x2x4xf32>)
  return %dx, %dw : tensor<?x9x2xf32>, tensor<3x2x4xf32>
}

// A transposed convolution's: a strided one; and for the kernel the operands change places, lest there be zeros between elements of x.
// CHECK-LABEL: @transposed
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<?x5x2xf32>, %[[W:[a-z0-9]+]]: tensor<3x2x4xf32>, %[[C:[a-z0-9]+]]: tensor<?x11x4xf32>
// CHECK-NEXT: %[[DX:.*]] = cornu.convolution "b0o,0io->b0i" %[[C]], %[[W]] strides [2] dilations [1] offsets [0] bases [1]
// CHECK-NEXT: %[[DW:.*]] = cornu.convolution "b0o,b0i->0io" %[[C]], %[[X]] strides [1] dilations [2] offsets [0] bases [1]
// CHECK-NEXT: return %[[DX]], %[[DW]]
func.func @transposed(%x: tensor<?x5x2xf32>, %w: tensor<3x2x4xf32>, %c: tensor<?x11x4xf32>) -> (tensor<?x5x2xf32>, tensor<3x2x4xf32>) {
  %y = cornu.convolution "b0i,0io->b0o" %x, %w strides [1] dilations [-1] offsets [0] bases [2] : tensor<?x5x2xf32>, tensor<3x2x4xf32> to tensor<?x11x4xf32>
  %cy = cornu.multiply %y, %c : tensor<?x11x4xf32>, tensor<?x11x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1, 2] : tensor<?x11x4xf32>
  %dx, %dw = cornu.gradient %loss wrt %x, %w : tensor<f32>, (tensor<?x5x2xf32>, tensor<3x2x4xf32>)
  return %dx, %dw : tensor<?x5x2xf32>, tensor<3x2x4xf32>
}

// Where windows do not overlap, the gradient of a maximum is one comparison.
// CHECK-LABEL: @pool
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<?x4x3xf32>, %[[C:[a-z0-9]+]]: tensor<?x2x3xf32>
// CHECK: %[[Y:.*]] = cornu.max_pool %[[X]]
// CHECK: %[[EVEN:.*]] = cornu.slice %[[X]] dim 1 [0 : 3 : 2]
// CHECK-NEXT: %[[FIRST:.*]] = cornu.compare eq %[[EVEN]], %[[Y]]
// CHECK-NEXT: %[[WINNER:.*]] = cornu.select %[[FIRST]],
// CHECK-NEXT: %[[G:.*]] = cornu.reshape %[[C]] : tensor<?x2x3xf32> to tensor<?x2x1x3xf32>
// CHECK-NEXT: %[[AT:.*]] = cornu.reshape %[[WINNER]] : tensor<?x2x3xi32> to tensor<?x2x1x3xi32>
// CHECK-NEXT: %[[HIT:.*]] = cornu.compare eq %[[AT]], %{{.*}} : tensor<?x2x1x3xi32>, tensor<1x1x2x1xi32>
// CHECK-NEXT: %[[SPREAD:.*]] = cornu.select %[[HIT]], %[[G]], %{{.*}} : tensor<?x2x2x3xi1>, tensor<?x2x1x3xf32>, tensor<f32>
// CHECK-NEXT: %[[DX:.*]] = cornu.reshape %[[SPREAD]] : tensor<?x2x2x3xf32> to tensor<?x4x3xf32>
// CHECK-NEXT: return %[[DX]]
func.func @pool(%x: tensor<?x4x3xf32>, %c: tensor<?x2x3xf32>) -> tensor<?x4x3xf32> {
  %y = cornu.max_pool %x dims [1] sizes [2] strides [2] offsets [0] : tensor<?x4x3xf32> to tensor<?x2x3xf32>
  %cy = cornu.multiply %y, %c : tensor<?x2x3xf32>, tensor<?x2x3xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1, 2] : tensor<?x2x3xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<?x4x3xf32>)
  return %dx : tensor<?x4x3xf32>
}
