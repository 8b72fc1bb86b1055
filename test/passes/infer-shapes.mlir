// RUN: cornu-opt %s --cornu-infer-shapes=batch=8 | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK-SAME: (%[[X:.*]]: tensor<8x4xf32>) -> (tensor<8x3xf32>, tensor<8x2x2xf32>, tensor<i64>)
func.func @f(%x: tensor<?x4xf32>) -> (tensor<?x3xf32>, tensor<?x2x2xf32>, tensor<i64>) {
  %w = cornu.constant dense<1.0> : tensor<4x3xf32>
  // CHECK: cornu.einsum {{.*}} : tensor<8x4xf32>, tensor<4x3xf32>
  %y = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x4xf32>, tensor<4x3xf32>
  // CHECK: cornu.reshape {{.*}} : tensor<8x4xf32> to tensor<8x2x2xf32>
  %z = cornu.reshape %x : tensor<?x4xf32> to tensor<?x2x2xf32>
  // CHECK: cornu.constant dense<8> : tensor<i64>
  %n = cornu.batch_size : tensor<i64>
  return %y, %z, %n : tensor<?x3xf32>, tensor<?x2x2xf32>, tensor<i64>
}

// CHECK-LABEL: func.func @loop
// CHECK: cornu.scan init(%{{.*}}) over(%{{.*}}) axis 1 length 5 : (tensor<8x4xf32>, tensor<8x5x4xf32>) -> (tensor<8x4xf32>, tensor<8x5x4xf32>)
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<8x4xf32>, %{{.*}}: tensor<8x4xf32>):
// CHECK-NEXT: cornu.add %{{.*}}, %{{.*}} : tensor<8x4xf32>, tensor<8x4xf32>
func.func @loop(%h0: tensor<?x4xf32>, %xs: tensor<?x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x5x4xf32>) {
  %h, %all = cornu.scan init(%h0) over(%xs) axis 1 length 5 : (tensor<?x4xf32>, tensor<?x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x5x4xf32>) {
  ^bb0(%h: tensor<?x4xf32>, %x: tensor<?x4xf32>):
    %next = cornu.add %h, %x : tensor<?x4xf32>, tensor<?x4xf32>
    cornu.yield %next, %next : tensor<?x4xf32>, tensor<?x4xf32>
  }
  return %h, %all : tensor<?x4xf32>, tensor<?x5x4xf32>
}
