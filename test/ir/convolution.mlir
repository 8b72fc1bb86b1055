// RUN: cornu-opt --verify-roundtrip %s | FileCheck %s

// CHECK-LABEL: @convolutions
func.func @convolutions(%x: tensor<?x28x28x8xf32>, %w: tensor<3x3x8x16xf32>, %first: tensor<?x8x28xf32>, %k: tensor<5x8xf32>)
    -> (tensor<?x14x14x16xf32>, tensor<?x8x56xf32>) {
  // CHECK: cornu.convolution "b01i,01io->b01o" %{{.*}}, %{{.*}} strides [2, 2] dilations [1, 1] offsets [-1, -1] bases [1, 1] : tensor<?x28x28x8xf32>, tensor<3x3x8x16xf32> to tensor<?x14x14x16xf32>
  %0 = cornu.convolution "b01i,01io->b01o" %x, %w strides [2, 2] dilations [1, 1] offsets [-1, -1] bases [1, 1]
         : tensor<?x28x28x8xf32>, tensor<3x3x8x16xf32> to tensor<?x14x14x16xf32>
  // Every channel by itself, channels first, twice as long.
  // CHECK: cornu.convolution "bc0,0c->bc0" %{{.*}}, %{{.*}} strides [1] dilations [-1] offsets [1] bases [2]
  %1 = cornu.convolution "bc0,0c->bc0" %first, %k strides [1] dilations [-1] offsets [1] bases [2]
         : tensor<?x8x28xf32>, tensor<5x8xf32> to tensor<?x8x56xf32>
  return %0, %1 : tensor<?x14x14x16xf32>, tensor<?x8x56xf32>
}

// CHECK-LABEL: @pool
func.func @pool(%x: tensor<?x28x28x8xf32>) -> tensor<?x14x14x8xf32> {
  // CHECK: cornu.max_pool %{{.*}} dims [1, 2] sizes [3, 3] strides [2, 2] offsets [-1, -1] : tensor<?x28x28x8xf32> to tensor<?x14x14x8xf32>
  %0 = cornu.max_pool %x dims [1, 2] sizes [3, 3] strides [2, 2] offsets [-1, -1] : tensor<?x28x28x8xf32> to tensor<?x14x14x8xf32>
  return %0 : tensor<?x14x14x8xf32>
}
