// RUN: cornu-opt %s --cornu-lower-to-linalg | FileCheck %s

// It stays a convolution, marked. Of an odd number of rows the last tile ends beyond: x has one more.
// CHECK-LABEL: @same
// CHECK: %[[EDGES:.*]] = cornu.concatenate {{.*}} dim 1 : tensor<?x1x10x32xf32>, tensor<?x9x10x32xf32>, tensor<?x2x10x32xf32>
// CHECK: %[[X:.*]] = cornu.slice %[[EDGES]] dim 1 [0 : 11]
// CHECK: linalg.generic {{.*}} ins(%[[X]], %arg1 : tensor<?x11x10x32xf32>, tensor<3x3x32x192xf32>){{.*}} cornu.winograd
func.func @same(%x: tensor<?x9x8x32xf32>, %w: tensor<3x3x32x192xf32>) -> tensor<?x9x8x192xf32> {
  %y = cornu.convolution "b01i,01io->b01o" %x, %w strides [1, 1] dilations [1, 1] offsets [-1, -1] bases [1, 1] : tensor<?x9x8x32xf32>, tensor<3x3x32x192xf32> to tensor<?x9x8x192xf32>
  return %y : tensor<?x9x8x192xf32>
}

// So few tiles that one image, with which the kernel is transformed, still gains.
// CHECK-LABEL: @small
// CHECK: cornu.winograd
func.func @small(%x: tensor<?x4x4x64xf32>, %w: tensor<3x3x64x64xf32>) -> tensor<?x4x4x64xf32> {
  %y = cornu.convolution "b01i,01io->b01o" %x, %w strides [1, 1] dilations [1, 1] offsets [-1, -1] bases [1, 1] : tensor<?x4x4x64xf32>, tensor<3x3x64x64xf32> to tensor<?x4x4x64xf32>
  return %y : tensor<?x4x4x64xf32>
}

// Too few channels, a stride, a larger window, too small an image: the sum itself.
// CHECK-LABEL: @direct
// CHECK-NOT: cornu.winograd
func.func @direct(%x: tensor<?x16x16x3xf32>, %v: tensor<3x3x3x32xf32>, %z: tensor<?x17x17x32xf32>, %w: tensor<3x3x32x32xf32>, %u: tensor<5x5x32x32xf32>, %s: tensor<?x5x4x32xf32>) -> (tensor<?x14x14x32xf32>, tensor<?x8x8x32xf32>, tensor<?x13x13x32xf32>, tensor<?x3x2x32xf32>) {
  %0 = cornu.convolution "b01i,01io->b01o" %x, %v strides [1, 1] dilations [1, 1] offsets [0, 0] bases [1, 1] : tensor<?x16x16x3xf32>, tensor<3x3x3x32xf32> to tensor<?x14x14x32xf32>
  %1 = cornu.convolution "b01i,01io->b01o" %z, %w strides [2, 2] dilations [1, 1] offsets [0, 0] bases [1, 1] : tensor<?x17x17x32xf32>, tensor<3x3x32x32xf32> to tensor<?x8x8x32xf32>
  %2 = cornu.convolution "b01i,01io->b01o" %z, %u strides [1, 1] dilations [1, 1] offsets [0, 0] bases [1, 1] : tensor<?x17x17x32xf32>, tensor<5x5x32x32xf32> to tensor<?x13x13x32xf32>
  %3 = cornu.convolution "b01i,01io->b01o" %s, %w strides [1, 1] dilations [1, 1] offsets [0, 0] bases [1, 1] : tensor<?x5x4x32xf32>, tensor<3x3x32x32xf32> to tensor<?x3x2x32xf32>
  return %0, %1, %2, %3 : tensor<?x14x14x32xf32>, tensor<?x8x8x32xf32>, tensor<?x13x13x32xf32>, tensor<?x3x2x32xf32>
}
