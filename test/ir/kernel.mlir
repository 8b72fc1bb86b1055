// RUN: cornu-opt --verify-roundtrip %s | FileCheck %s

// CHECK-LABEL: @kernel
func.func @kernel(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: cornu.kernel "fc1.relu" %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = cornu.kernel "fc1.relu" %x : (tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%a: tensor<?x4xf32>):
    // CHECK: cornu.yield %{{.*}} : tensor<?x4xf32>
    cornu.yield %a : tensor<?x4xf32>
  }
  return %0 : tensor<?x4xf32>
}

func.func private @body(memref<?x4xf32>, memref<?x4xf32>)

// CHECK-LABEL: @launch
func.func @launch(%x: memref<?x4xf32>, %n: i64) {
  // CHECK: cornu.launch @body batch %{{.*}} ins(%{{.*}} : memref<?x4xf32>) outs(%{{.*}} : memref<?x4xf32>)
  cornu.launch @body batch %n ins(%x : memref<?x4xf32>) outs(%x : memref<?x4xf32>)
  return
}

// CHECK-LABEL: @batch
func.func @batch() -> index {
  // CHECK: cornu.batch
  %n = cornu.batch
  return %n : index
}
