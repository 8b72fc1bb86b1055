// RUN: cornu-opt %s --cornu-lower-to-linalg --split-input-file | FileCheck %s

// Edges of zeros around a copy of the image, only where the windows reach beyond it; then one contraction whose image is read along them.
// CHECK-DAG: #[[$X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 2 + d4, d2 + d5, d6)>
// CHECK-DAG: #[[$W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d4, d5, d6, d3)>
// CHECK-DAG: #[[$Y:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>
// CHECK-LABEL: func.func @same
// CHECK: %[[COLUMNS:.*]] = cornu.concatenate %{{.*}}, %{{.*}}, %{{.*}} dim 2 : tensor<?x8x1x3xf32>, tensor<?x8x6x3xf32>, tensor<?x8x1x3xf32>
// CHECK: %[[IMAGE:.*]] = cornu.concatenate %[[COLUMNS]], %{{.*}} dim 1 : tensor<?x8x8x3xf32>, tensor<?x1x8x3xf32>
// CHECK: linalg.generic {indexing_maps = [#[[$X]], #[[$W]], #[[$Y]]], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
// CHECK-SAME: ins(%[[IMAGE]], %{{.*}} : tensor<?x9x8x3xf32>, tensor<3x3x3x16xf32>)
func.func @same(%x: tensor<?x8x6x3xf32>, %w: tensor<3x3x3x16xf32>) -> tensor<?x4x6x16xf32> {
  %y = cornu.convolution "b01i,01io->b01o" %x, %w strides [2, 1] dilations [1, 1] offsets [0, -1] bases [1, 1]
         : tensor<?x8x6x3xf32>, tensor<3x3x3x16xf32> to tensor<?x4x6x16xf32>
  return %y : tensor<?x4x6x16xf32>
}

// -----

// The gradient of the kernel: the batch and the positions of the result are summed.
// CHECK-DAG: #[[$X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d4, d0 + d5, d1 + d6, d2)>
// CHECK-LABEL: func.func @kernel
// CHECK-NOT: concatenate
// CHECK: linalg.generic {indexing_maps = [#[[$X]],
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
func.func @kernel(%x: tensor<?x8x6x3xf32>, %g: tensor<?x6x4x16xf32>) -> tensor<3x3x3x16xf32> {
  %w = cornu.convolution "b01i,b01o->01io" %x, %g strides [1, 1] dilations [1, 1] offsets [0, 0] bases [1, 1]
         : tensor<?x8x6x3xf32>, tensor<?x6x4x16xf32> to tensor<3x3x3x16xf32>
  return %w : tensor<3x3x3x16xf32>
}

// -----

// What the windows do not reach is left out.
// CHECK-LABEL: func.func @cropped
// CHECK: cornu.slice %{{.*}} dim 1 [2 : 7] : tensor<?x9x2xf32>
func.func @cropped(%x: tensor<?x9x2xf32>, %w: tensor<2x2x16xf32>) -> tensor<?x4x16xf32> {
  %y = cornu.convolution "b0i,0io->b0o" %x, %w strides [1] dilations [1] offsets [2] bases [1] : tensor<?x9x2xf32>, tensor<2x2x16xf32> to tensor<?x4x16xf32>
  return %y : tensor<?x4x16xf32>
}

// -----

// Along a window that jumps there are no vectors: the filters are computed innermost, and moved to where they belong.
// CHECK-LABEL: func.func @channels_first
// CHECK: %[[Y:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<?x2x6x8xf32>, tensor<2x2x2x16xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[Y]] : tensor<?x3x4x16xf32>) {{.*}}cornu.op = "transpose"
func.func @channels_first(%x: tensor<?x2x6x8xf32>, %w: tensor<2x2x2x16xf32>) -> tensor<?x16x3x4xf32> {
  %y = cornu.convolution "bi01,01io->bo01" %x, %w strides [2, 2] dilations [1, 1] offsets [0, 0] bases [1, 1]
         : tensor<?x2x6x8xf32>, tensor<2x2x2x16xf32> to tensor<?x16x3x4xf32>
  return %y : tensor<?x16x3x4xf32>
}

// -----

// Of each channel by itself: no copy, the sum knows where the image ends.
// CHECK-LABEL: func.func @channels
// CHECK-NOT: concatenate
// CHECK: %[[ROWS:.*]] = cornu.pad %{{.*}} dim 1 low 1 high 1 : tensor<?x8x6x16xf32>
// CHECK: %[[SEEN:.*]] = cornu.pad %[[ROWS]] dim 2 low 1 high 1 : tensor<?x10x6x16xf32>
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[SEEN]], %{{.*}} : tensor<?x10x8x16xf32>, tensor<3x3x16x1xf32>)
// CHECK-SAME: cornu.edges = array<i64: 1, 1, 9, 2, 1, 7>
func.func @channels(%x: tensor<?x8x6x16xf32>, %w: tensor<3x3x16x1xf32>) -> tensor<?x8x6x16x1xf32> {
  %y = cornu.convolution "b01c,01cm->b01cm" %x, %w strides [1, 1] dilations [1, 1] offsets [-1, -1] bases [1, 1]
         : tensor<?x8x6x16xf32>, tensor<3x3x16x1xf32> to tensor<?x8x6x16x1xf32>
  return %y : tensor<?x8x6x16x1xf32>
}

// So do those of many channels, which make an inner loop of their own.
// CHECK-LABEL: func.func @manyChannels
// CHECK: cornu.edges = array<i64: 1, 1, 9, 2, 1, 7>
func.func @manyChannels(%x: tensor<?x8x6x16xf32>, %w: tensor<3x3x16x24xf32>) -> tensor<?x4x3x24xf32> {
  %y = cornu.convolution "b01i,01io->b01o" %x, %w strides [2, 2] dilations [1, 1] offsets [-1, -1] bases [1, 1]
         : tensor<?x8x6x16xf32>, tensor<3x3x16x24xf32> to tensor<?x4x3x24xf32>
  return %y : tensor<?x4x3x24xf32>
}

// Of few results for each position, what the sum runs over is innermost in both operands.
// CHECK-LABEL: func.func @fewResults
// CHECK: %[[W:.*]] = linalg.generic {{.*}} ins(%arg1 : tensor<3x3x32x3xf32>) outs(%{{.*}} : tensor<3x3x3x32xf32>)
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[W]] : tensor<?x10x8x32xf32>, tensor<3x3x3x32xf32>)
func.func @fewResults(%x: tensor<?x8x6x32xf32>, %w: tensor<3x3x32x3xf32>) -> tensor<?x8x6x3xf32> {
  %y = cornu.convolution "b01i,01io->b01o" %x, %w strides [1, 1] dilations [1, 1] offsets [-1, -1] bases [1, 1]
         : tensor<?x8x6x32xf32>, tensor<3x3x32x3xf32> to tensor<?x8x6x3xf32>
  return %y : tensor<?x8x6x3xf32>
}
