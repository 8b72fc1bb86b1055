// RUN: cornu-opt --canonicalize --split-input-file %s | FileCheck %s

// What nobody uses goes: the second output, the carried value that only feeds itself, its sequence.
// CHECK-LABEL: @unused
// CHECK-SAME: (%[[H0:.*]]: tensor<?x4xf32>, %[[XS:.*]]: tensor<?x5x4xf32>, %{{.*}}: tensor<?x5x4xf32>)
// CHECK: cornu.scan init(%[[H0]]) over(%[[XS]]) axis 1 length 5 : (tensor<?x4xf32>, tensor<?x5x4xf32>) -> tensor<?x4xf32>
// CHECK-NEXT: ^bb0(%[[H:.*]]: tensor<?x4xf32>, %[[X:.*]]: tensor<?x4xf32>):
// CHECK-NEXT: %[[N:.*]] = cornu.add %[[H]], %[[X]]
// CHECK-NEXT: cornu.yield %[[N]] : tensor<?x4xf32>
func.func @unused(%h0: tensor<?x4xf32>, %xs: tensor<?x5x4xf32>, %ys: tensor<?x5x4xf32>) -> tensor<?x4xf32> {
  %h, %g, %all = cornu.scan init(%h0, %h0) over(%xs, %ys) axis 1 length 5 : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x5x4xf32>) {
  ^bb0(%h: tensor<?x4xf32>, %g: tensor<?x4xf32>, %x: tensor<?x4xf32>, %y: tensor<?x4xf32>):
    %n = cornu.add %h, %x : tensor<?x4xf32>, tensor<?x4xf32>
    %m = cornu.add %g, %y : tensor<?x4xf32>, tensor<?x4xf32>
    cornu.yield %n, %m, %m : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
  }
  return %h : tensor<?x4xf32>
}

// -----

// A value carried for another's sake stays.
// CHECK-LABEL: @needed
// CHECK: cornu.scan init(%{{.*}}, %{{.*}}) over()
func.func @needed(%a0: tensor<4xf32>, %b0: tensor<4xf32>) -> tensor<4xf32> {
  %a, %b = cornu.scan init(%a0, %b0) over() axis 0 length 5 : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    %n = cornu.add %a, %b : tensor<4xf32>, tensor<4xf32>
    %m = cornu.sin %b : tensor<4xf32>
    cornu.yield %n, %m : tensor<4xf32>, tensor<4xf32>
  }
  return %a : tensor<4xf32>
}

// -----

// What passes through unchanged, and what comes twice.
// CHECK-LABEL: @unchanged
// CHECK-SAME: (%[[C:.*]]: tensor<?x4xf32>, %[[XS:.*]]: tensor<?x5x4xf32>)
// CHECK: %[[W:.*]] = cornu.reshape %[[C]] : tensor<?x4xf32> to tensor<?x1x4xf32>
// CHECK: %[[CS:.*]] = cornu.broadcast_to %[[W]] : tensor<?x1x4xf32> to tensor<?x5x4xf32>
// CHECK: %[[YS:.*]] = cornu.scan init() over(%[[XS]]) axis 1 length 5 : (tensor<?x5x4xf32>) -> tensor<?x5x4xf32>
// CHECK-NEXT: ^bb0(%[[X:.*]]: tensor<?x4xf32>):
// CHECK-NEXT: %[[S:.*]] = cornu.add %[[X]], %[[X]]
// CHECK-NEXT: %[[Y:.*]] = cornu.multiply %[[S]], %[[C]]
// CHECK-NEXT: cornu.yield %[[Y]]
// CHECK: return %[[C]], %[[XS]], %[[YS]], %[[YS]], %[[CS]]
func.func @unchanged(%c0: tensor<?x4xf32>, %xs: tensor<?x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>) {
  %c, %a, %b, %d, %e = cornu.scan init(%c0) over(%xs, %xs) axis 1 length 5 : (tensor<?x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>) {
  ^bb0(%c: tensor<?x4xf32>, %x: tensor<?x4xf32>, %x2: tensor<?x4xf32>):
    %s = cornu.add %x, %x2 : tensor<?x4xf32>, tensor<?x4xf32>
    %y = cornu.multiply %s, %c : tensor<?x4xf32>, tensor<?x4xf32>
    cornu.yield %c, %x, %y, %y, %c : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
  }
  return %c, %a, %b, %d, %e : tensor<?x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>
}
