// RUN: cornu-opt %s --cornu-sink-sums --canonicalize --split-input-file | FileCheck %s

// Sums of a product and of a reduction leave, each as one op; with nothing else to do the loop is gone.
// CHECK-LABEL: @gradients
// CHECK-SAME: (%[[AS:.*]]: tensor<?x20x32xf32>, %[[BS:.*]]: tensor<?x20x64xf32>, %[[W0:.*]]: tensor<32x64xf32>, %[[B0:.*]]: tensor<64xf32>)
// CHECK-NOT: cornu.scan
// CHECK-DAG: %[[W:.*]] = cornu.einsum "btk,btn->kn" %[[AS]], %[[BS]]
// CHECK-DAG: %[[W1:.*]] = cornu.add %{{.*}}, %{{.*}} : tensor<32x64xf32>, tensor<32x64xf32>
// CHECK-DAG: %[[B:.*]] = cornu.reduce_sum %[[BS]] dims [0, 1]
// CHECK-DAG: %[[B1:.*]] = cornu.add %{{.*}}, %{{.*}} : tensor<64xf32>, tensor<64xf32>
// CHECK: return %[[W1]], %[[B1]]
func.func @gradients(%as: tensor<?x20x32xf32>, %bs: tensor<?x20x64xf32>, %w0: tensor<32x64xf32>, %b0: tensor<64xf32>) -> (tensor<32x64xf32>, tensor<64xf32>) {
  %dw, %db = cornu.scan init(%w0, %b0) over(%as, %bs) axis 1 length 20 : (tensor<32x64xf32>, tensor<64xf32>, tensor<?x20x32xf32>, tensor<?x20x64xf32>) -> (tensor<32x64xf32>, tensor<64xf32>) {
  ^bb0(%ws: tensor<32x64xf32>, %ds: tensor<64xf32>, %a: tensor<?x32xf32>, %b: tensor<?x64xf32>):
    %p = cornu.einsum "bk,bn->kn" %a, %b : tensor<?x32xf32>, tensor<?x64xf32>
    %wn = cornu.add %ws, %p : tensor<32x64xf32>, tensor<32x64xf32>
    %q = cornu.reduce_sum %b dims [0] : tensor<?x64xf32>
    %dn = cornu.add %ds, %q : tensor<64xf32>, tensor<64xf32>
    cornu.yield %wn, %dn : tensor<32x64xf32>, tensor<64xf32>
  }
  return %dw, %db : tensor<32x64xf32>, tensor<64xf32>
}

// -----

// An operand that the loop makes becomes an output; a sum that a step reads stays.
// CHECK-LABEL: @operands
// CHECK: %[[LOOP:.*]]:2 = cornu.scan init(%{{.*}}) over(%{{.*}}) {{.*}} -> (tensor<?x8xf32>, tensor<?x5x8xf32>)
// CHECK: cornu.einsum "btk,btn->kn" %[[LOOP]]#1, %{{.*}} : tensor<?x5x8xf32>, tensor<?x5x8xf32>
func.func @operands(%xs: tensor<?x5x8xf32>, %h0: tensor<?x8xf32>, %zero: tensor<8x8xf32>) -> (tensor<?x8xf32>, tensor<8x8xf32>) {
  %h, %sum = cornu.scan init(%h0, %zero) over(%xs) axis 1 length 5 : (tensor<?x8xf32>, tensor<8x8xf32>, tensor<?x5x8xf32>) -> (tensor<?x8xf32>, tensor<8x8xf32>) {
  ^bb0(%h: tensor<?x8xf32>, %sum: tensor<8x8xf32>, %x: tensor<?x8xf32>):
    %next = cornu.add %h, %x : tensor<?x8xf32>, tensor<?x8xf32>
    %t = cornu.tanh %next : tensor<?x8xf32>
    %p = cornu.einsum "bk,bn->kn" %t, %x : tensor<?x8xf32>, tensor<?x8xf32>
    %s = cornu.add %sum, %p : tensor<8x8xf32>, tensor<8x8xf32>
    cornu.yield %next, %s : tensor<?x8xf32>, tensor<8x8xf32>
  }
  return %h, %sum : tensor<?x8xf32>, tensor<8x8xf32>
}
