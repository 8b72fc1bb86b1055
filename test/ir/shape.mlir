// RUN: cornu-opt --verify-roundtrip %s | FileCheck %s

// CHECK-LABEL: @shapes
func.func @shapes(%x: tensor<?x6xf32>, %y: tensor<?x2xf32>) -> (tensor<?x8xf32>, tensor<?x3xf32>, tensor<?x9xf32>, tensor<6x?xf32>) {
  // CHECK: cornu.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
  %0 = cornu.constant dense<[1.0, 2.0]> : tensor<2xf32>
  // CHECK: cornu.batch_size : tensor<i64>
  %1 = cornu.batch_size : tensor<i64>
  // CHECK: cornu.iota dim 1 : tensor<?x6xi32>
  %2 = cornu.iota dim 1 : tensor<?x6xi32>
  // CHECK: cornu.broadcast_to %{{.*}} : tensor<2xf32> to tensor<?x2xf32>
  %3 = cornu.broadcast_to %0 : tensor<2xf32> to tensor<?x2xf32>
  // CHECK: cornu.reshape %{{.*}} : tensor<?x6xf32> to tensor<?x3x2xf32>
  %4 = cornu.reshape %x : tensor<?x6xf32> to tensor<?x3x2xf32>
  // CHECK: cornu.transpose %{{.*}} perm [1, 0] : tensor<?x6xf32>
  %5 = cornu.transpose %x perm [1, 0] : tensor<?x6xf32>
  // CHECK: cornu.concatenate %{{.*}}, %{{.*}} dim 1 : tensor<?x6xf32>, tensor<?x2xf32>
  %6 = cornu.concatenate %x, %y dim 1 : tensor<?x6xf32>, tensor<?x2xf32>
  // CHECK: cornu.slice %{{.*}} dim 1 [2 : 5] : tensor<?x6xf32>
  %7 = cornu.slice %x dim 1 [2 : 5] : tensor<?x6xf32>
  // CHECK: cornu.pad %{{.*}} dim 1 low 1 high 2 : tensor<?x6xf32>
  %8 = cornu.pad %x dim 1 low 1 high 2 : tensor<?x6xf32>
  // CHECK: return %{{.*}} : tensor<?x8xf32>, tensor<?x3xf32>, tensor<?x9xf32>, tensor<6x?xf32>
  return %6, %7, %8, %5 : tensor<?x8xf32>, tensor<?x3xf32>, tensor<?x9xf32>, tensor<6x?xf32>
}
