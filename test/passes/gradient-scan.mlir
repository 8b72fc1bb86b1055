// RUN: cornu-opt %s --cornu-gradient --canonicalize --cse | FileCheck %s

// h' = sin(h) x. The step backwards needs h (for its cosine) and sin h, which are stacked, and x, a slice anyway.
// CHECK-LABEL: @f
// CHECK-SAME: (%[[H0:.*]]: tensor<?x4xf32>, %[[XS:.*]]: tensor<?x5x4xf32>)
// CHECK: %[[LOOP:.*]]:3 = cornu.scan init(%[[H0]]) over(%[[XS]]) axis 1 length 5 :
// CHECK-NEXT: ^bb0(%[[H:.*]]: tensor<?x4xf32>, %[[X:.*]]: tensor<?x4xf32>):
// CHECK-NEXT: %[[S:.*]] = cornu.sin %[[H]]
// CHECK-NEXT: %[[N:.*]] = cornu.multiply %[[S]], %[[X]]
// CHECK-NEXT: cornu.yield %[[N]], %[[H]], %[[S]]
// CHECK: %[[BACK:.*]]:2 = cornu.scan init(%{{.*}}) over(%[[LOOP]]#1, %[[LOOP]]#2, %[[XS]]) axis 1 length 5 reverse :
// CHECK-NEXT: ^bb0(%[[G:.*]]: tensor<?x4xf32>, %[[H:.*]]: tensor<?x4xf32>, %[[S:.*]]: tensor<?x4xf32>, %[[X:.*]]: tensor<?x4xf32>):
// CHECK-NEXT: %[[GS:.*]] = cornu.multiply %[[G]], %[[X]]
// CHECK-NEXT: %[[GX:.*]] = cornu.multiply %[[G]], %[[S]]
// CHECK-NEXT: %[[C:.*]] = cornu.cos %[[H]]
// CHECK-NEXT: %[[GH:.*]] = cornu.multiply %[[GS]], %[[C]]
// CHECK-NEXT: cornu.yield %[[GH]], %[[GX]]
// CHECK: return %[[BACK]]#0, %[[BACK]]#1
func.func @f(%h0: tensor<?x4xf32>, %xs: tensor<?x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x5x4xf32>) {
  %h = cornu.scan init(%h0) over(%xs) axis 1 length 5 : (tensor<?x4xf32>, tensor<?x5x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%h: tensor<?x4xf32>, %x: tensor<?x4xf32>):
    %s = cornu.sin %h : tensor<?x4xf32>
    %next = cornu.multiply %s, %x : tensor<?x4xf32>, tensor<?x4xf32>
    cornu.yield %next : tensor<?x4xf32>
  }
  %loss = cornu.reduce_sum %h dims [0, 1] : tensor<?x4xf32>
  %gh, %gx = cornu.gradient %loss wrt %h0, %xs : tensor<f32>, (tensor<?x4xf32>, tensor<?x5x4xf32>)
  return %gh, %gx : tensor<?x4xf32>, tensor<?x5x4xf32>
}
