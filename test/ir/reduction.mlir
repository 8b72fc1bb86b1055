// RUN: cornu-opt --verify-roundtrip %s | FileCheck %s

// CHECK-LABEL: @reductions
func.func @reductions(%x: tensor<?x5x64xf32>) -> (tensor<5xf32>, tensor<?x1x1xf32>, tensor<?x5xi32>) {
  // CHECK: cornu.reduce_sum %{{.*}} dims [0, 2] : tensor<?x5x64xf32>
  %0 = cornu.reduce_sum %x dims [0, 2] : tensor<?x5x64xf32>
  // CHECK: cornu.reduce_max %{{.*}} dims [1, 2] keepdims : tensor<?x5x64xf32>
  %1 = cornu.reduce_max %x dims [1, 2] keepdims : tensor<?x5x64xf32>
  // CHECK: cornu.argmax %{{.*}} dim 2 : tensor<?x5x64xf32>
  %2 = cornu.argmax %x dim 2 : tensor<?x5x64xf32>
  // CHECK: cornu.softmax %{{.*}} dims [2] : tensor<?x5x64xf32>
  %3 = cornu.softmax %x dims [2] : tensor<?x5x64xf32>
  // CHECK: cornu.log_softmax %{{.*}} dims [1, 2] : tensor<?x5x64xf32>
  %4 = cornu.log_softmax %x dims [1, 2] : tensor<?x5x64xf32>
  // CHECK: return %{{.*}} : tensor<5xf32>, tensor<?x1x1xf32>, tensor<?x5xi32>
  return %0, %1, %2 : tensor<5xf32>, tensor<?x1x1xf32>, tensor<?x5xi32>
}
