// RUN: cornu-opt --verify-roundtrip %s | FileCheck %s

// CHECK: cornu.variable weight @"dense/kernel" : tensor<3x4xf32>
cornu.variable weight @"dense/kernel" : tensor<3x4xf32>
// CHECK: cornu.variable optimizer @iteration : tensor<i64>
cornu.variable optimizer @iteration : tensor<i64>
// CHECK: cornu.variable random @seed : tensor<2xi64>
cornu.variable random @seed : tensor<2xi64>

// CHECK-LABEL: @state
func.func @state(%loss: tensor<f32>) {
  // CHECK: %[[W:.*]] = cornu.read @"dense/kernel" : tensor<3x4xf32>
  %w = cornu.read @"dense/kernel" : tensor<3x4xf32>
  // CHECK: %[[S:.*]] = cornu.read @seed : tensor<2xi64>
  %s = cornu.read @seed : tensor<2xi64>
  // CHECK: cornu.random_uniform %[[S]] : tensor<2xi64> to tensor<?x4xf32>
  %u = cornu.random_uniform %s : tensor<2xi64> to tensor<?x4xf32>
  // CHECK: %[[G:.*]] = cornu.gradient %{{.*}} wrt %[[W]] : tensor<f32>, (tensor<3x4xf32>)
  %g = cornu.gradient %loss wrt %w : tensor<f32>, (tensor<3x4xf32>)
  // CHECK: cornu.assign @"dense/kernel", %[[G]] : tensor<3x4xf32>
  cornu.assign @"dense/kernel", %g : tensor<3x4xf32>
  return
}
