// RUN: cornu-opt %s --cornu-decompose --canonicalize --cse | FileCheck %s

// The gradient of a 3-wide convolution of stride 2: even positions meet two elements of the kernel, odd ones one. Both lie side by side.
// CHECK-LABEL: @phases
// CHECK-SAME: (%[[G:[a-z0-9]+]]: tensor<?x5x4xf32>, %[[W:[a-z0-9]+]]: tensor<3x2x4xf32>
// CHECK-NEXT: %[[K:.*]] = cornu.reshape %[[W]] : tensor<3x2x4xf32> to tensor<3x2x4x1xf32>
// CHECK-NEXT: %[[K0:.*]] = cornu.slice %[[K]] dim 0 [1 : 3 : 2]
// CHECK-NEXT: %[[EVEN:.*]] = cornu.convolution "b0o,0ioa->b0ai" %[[G]], %[[K0]] strides [1] dilations [-1] offsets [0] bases [1] : tensor<?x5x4xf32>, tensor<1x2x4x1xf32> to tensor<?x5x1x2xf32>
// CHECK-NEXT: %[[K1:.*]] = cornu.slice %[[K]] dim 0 [0 : 3 : 2]
// CHECK-NEXT: %[[ODD:.*]] = cornu.convolution "b0o,0ioa->b0ai" %[[G]], %[[K1]] strides [1] dilations [-1] offsets [1] bases [1] : tensor<?x5x4xf32>, tensor<2x2x4x1xf32> to tensor<?x5x1x2xf32>
// CHECK-NEXT: %[[SIDE:.*]] = cornu.concatenate %[[EVEN]], %[[ODD]] dim 2
// CHECK-NEXT: %[[BOTH:.*]] = cornu.reshape %[[SIDE]] : tensor<?x5x2x2xf32> to tensor<?x10x2xf32>
// CHECK-NEXT: %[[DX:.*]] = cornu.slice %[[BOTH]] dim 1 [0 : 9]
// CHECK-NEXT: return %[[DX]]
func.func @phases(%g: tensor<?x5x4xf32>, %w: tensor<3x2x4xf32>) -> tensor<?x9x2xf32> {
  %dx = cornu.convolution "b0o,0io->b0i" %g, %w strides [1] dilations [-1] offsets [1] bases [2] : tensor<?x5x4xf32>, tensor<3x2x4xf32> to tensor<?x9x2xf32>
  return %dx : tensor<?x9x2xf32>
}

// CHECK-LABEL: @pool
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<?x5x3xf32>
// CHECK-NEXT: %[[P:.*]] = cornu.pad %[[X]] dim 1 low 0 high 1 value 0xFFF0000000000000
// CHECK-NEXT: %[[A:.*]] = cornu.slice %[[P]] dim 1 [0 : 5 : 2]
// CHECK-NEXT: %[[B:.*]] = cornu.slice %[[P]] dim 1 [1 : 6 : 2]
// CHECK-NEXT: %[[Y:.*]] = cornu.maximum %[[A]], %[[B]]
// CHECK-NEXT: return %[[Y]]
func.func @pool(%x: tensor<?x5x3xf32>) -> tensor<?x3x3xf32> {
  %y = cornu.max_pool %x dims [1] sizes [2] strides [2] offsets [0] : tensor<?x5x3xf32> to tensor<?x3x3xf32>
  return %y : tensor<?x3x3xf32>
}
