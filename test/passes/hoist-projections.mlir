// RUN: cornu-opt %s --cornu-hoist-projections --split-input-file | FileCheck %s

// The contraction, the mask that it needs, the bias that follows; not the activation of what is carried.
// CHECK-LABEL: @projection
// CHECK-SAME: (%[[XS:.*]]: tensor<?x20x32xf32>, %[[W:.*]]: tensor<32x64xf32>, %[[B:.*]]: tensor<64xf32>, %[[MASK:.*]]: tensor<?x32xf32>, %[[H0:.*]]: tensor<?x64xf32>)
func.func @projection(%xs: tensor<?x20x32xf32>, %w: tensor<32x64xf32>, %b: tensor<64xf32>, %mask: tensor<?x32xf32>, %h0: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: %[[WIDE:.*]] = cornu.reshape %[[MASK]] : tensor<?x32xf32> to tensor<?x1x32xf32>
  // CHECK: %[[KEPT:.*]] = cornu.multiply %[[XS]], %[[WIDE]] : tensor<?x20x32xf32>, tensor<?x1x32xf32>
  // CHECK: %[[PS:.*]] = cornu.einsum "btk,kn->btn" %[[KEPT]], %[[W]]
  // CHECK: %[[QS:.*]] = cornu.add %[[PS]], %[[B]] : tensor<?x20x64xf32>, tensor<64xf32>
  // CHECK: cornu.scan init(%[[H0]]) over(%[[XS]], %[[KEPT]], %[[PS]], %[[QS]])
  %h = cornu.scan init(%h0) over(%xs) axis 1 length 20 : (tensor<?x64xf32>, tensor<?x20x32xf32>) -> tensor<?x64xf32> {
  // CHECK: ^bb0(%[[H:[^:]*]]: tensor<?x64xf32>, {{.*}}, %[[Q:[^:]*]]: tensor<?x64xf32>):
  ^bb0(%h: tensor<?x64xf32>, %x: tensor<?x32xf32>):
    %kept = cornu.multiply %x, %mask : tensor<?x32xf32>, tensor<?x32xf32>
    %p = cornu.einsum "bk,kn->bn" %kept, %w : tensor<?x32xf32>, tensor<32x64xf32>
    %q = cornu.add %p, %b : tensor<?x64xf32>, tensor<64xf32>
    // CHECK-NEXT: cornu.add %[[H]], %[[Q]]
    %z = cornu.add %h, %q : tensor<?x64xf32>, tensor<?x64xf32>
    %next = cornu.tanh %z : tensor<?x64xf32>
    cornu.yield %next : tensor<?x64xf32>
  }
  return %h : tensor<?x64xf32>
}

// -----

// Element-wise ops alone cost less within the step than in memory; what is carried cannot leave.
// CHECK-LABEL: @stay
// CHECK-NEXT: cornu.scan
func.func @stay(%xs: tensor<?x20x8xf32>, %w: tensor<8x8xf32>, %h0: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %h = cornu.scan init(%h0) over(%xs) axis 1 length 20 : (tensor<?x8xf32>, tensor<?x20x8xf32>) -> tensor<?x8xf32> {
  ^bb0(%h: tensor<?x8xf32>, %x: tensor<?x8xf32>):
    %s = cornu.sigmoid %x : tensor<?x8xf32>
    %u = cornu.einsum "bk,kn->bn" %h, %w : tensor<?x8xf32>, tensor<8x8xf32>
    %next = cornu.add %s, %u : tensor<?x8xf32>, tensor<?x8xf32>
    cornu.yield %next : tensor<?x8xf32>
  }
  return %h : tensor<?x8xf32>
}
