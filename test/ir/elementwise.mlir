// RUN: cornu-opt --verify-roundtrip %s | FileCheck %s

// CHECK-LABEL: @unary
func.func @unary(%x: tensor<?x64xf32>, %n: tensor<3xi32>, %p: tensor<?xi1>) {
  // CHECK: cornu.negate %{{.*}} : tensor<?x64xf32>
  %0 = cornu.negate %x : tensor<?x64xf32>
  // CHECK: cornu.abs %{{.*}} : tensor<3xi32>
  %1 = cornu.abs %n : tensor<3xi32>
  // CHECK: cornu.sigmoid %{{.*}} : tensor<?x64xf32>
  %2 = cornu.sigmoid %x : tensor<?x64xf32>
  // CHECK: cornu.stop_gradient %{{.*}} : tensor<?x64xf32>
  %3 = cornu.stop_gradient %x : tensor<?x64xf32>
  // CHECK: cornu.logical_not %{{.*}} : tensor<?xi1>
  %4 = cornu.logical_not %p : tensor<?xi1>
  return
}

// The result has the joined shape: extents of 1 stretch, missing leading dimensions too, and the batch stays the batch.
// CHECK-LABEL: @broadcasting
func.func @broadcasting(%x: tensor<?x1x64xf32>, %b: tensor<5x1xf32>, %c: tensor<f32>) -> tensor<?x5x64xf32> {
  // CHECK: cornu.add %{{.*}}, %{{.*}} : tensor<?x1x64xf32>, tensor<5x1xf32>
  %0 = cornu.add %x, %b : tensor<?x1x64xf32>, tensor<5x1xf32>
  // CHECK: cornu.multiply %{{.*}}, %{{.*}} : tensor<f32>, tensor<?x5x64xf32>
  %1 = cornu.multiply %c, %0 : tensor<f32>, tensor<?x5x64xf32>
  // CHECK: return %{{.*}} : tensor<?x5x64xf32>
  return %1 : tensor<?x5x64xf32>
}

// CHECK-LABEL: @choice
func.func @choice(%x: tensor<?x64xf32>, %b: tensor<64xf32>, %c: tensor<f32>) -> tensor<?x64xi32> {
  // CHECK: cornu.compare gt %{{.*}}, %{{.*}} : tensor<?x64xf32>, tensor<64xf32>
  %0 = cornu.compare gt %x, %b : tensor<?x64xf32>, tensor<64xf32>
  // CHECK: cornu.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x64xi1>, tensor<?x64xf32>, tensor<f32>
  %1 = cornu.select %0, %x, %c : tensor<?x64xi1>, tensor<?x64xf32>, tensor<f32>
  // CHECK: cornu.cast %{{.*}} : tensor<?x64xf32> to tensor<?x64xi32>
  %2 = cornu.cast %1 : tensor<?x64xf32> to tensor<?x64xi32>
  return %2 : tensor<?x64xi32>
}
