// RUN: cornu-opt --verify-roundtrip %s | FileCheck %s

// CHECK-LABEL: @cumulative
func.func @cumulative(%h0: tensor<?x4xf32>, %xs: tensor<?x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x5x4xf32>) {
  // CHECK: cornu.scan init(%{{.*}}) over(%{{.*}}) axis 1 length 5 : (tensor<?x4xf32>, tensor<?x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x5x4xf32>) {
  // CHECK-NEXT: ^bb0(%{{.*}}: tensor<?x4xf32>, %{{.*}}: tensor<?x4xf32>):
  %last, %all = cornu.scan init(%h0) over(%xs) axis 1 length 5 : (tensor<?x4xf32>, tensor<?x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x5x4xf32>) {
  ^bb0(%h: tensor<?x4xf32>, %x: tensor<?x4xf32>):
    %next = cornu.add %h, %x : tensor<?x4xf32>, tensor<?x4xf32>
    // CHECK: cornu.yield %{{.*}}, %{{.*}} : tensor<?x4xf32>, tensor<?x4xf32>
    cornu.yield %next, %next : tensor<?x4xf32>, tensor<?x4xf32>
  }
  return %last, %all : tensor<?x4xf32>, tensor<?x5x4xf32>
}

// Nothing carried, or no sequences; backwards; values from above.
// CHECK-LABEL: @variants
func.func @variants(%w: tensor<4xf32>, %xs: tensor<?x5x4xf32>) -> (tensor<?x5x4xf32>, tensor<4xf32>) {
  // CHECK: cornu.scan init() over(%{{.*}}) axis 1 length 5 reverse : (tensor<?x5x4xf32>) -> tensor<?x5x4xf32>
  %ys = cornu.scan init() over(%xs) axis 1 length 5 reverse : (tensor<?x5x4xf32>) -> tensor<?x5x4xf32> {
  ^bb0(%x: tensor<?x4xf32>):
    %y = cornu.multiply %x, %w : tensor<?x4xf32>, tensor<4xf32>
    cornu.yield %y : tensor<?x4xf32>
  }
  // CHECK: cornu.scan init(%{{.*}}) over() axis 0 length 3 : (tensor<4xf32>) -> tensor<4xf32>
  %p = cornu.scan init(%w) over() axis 0 length 3 : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%h: tensor<4xf32>):
    %s = cornu.square %h : tensor<4xf32>
    cornu.yield %s : tensor<4xf32>
  }
  return %ys, %p : tensor<?x5x4xf32>, tensor<4xf32>
}
