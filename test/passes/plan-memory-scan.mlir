// RUN: cornu-opt %s --cornu-structure --split-input-file | FileCheck %s

// A sum is updated where it lies, in the function's output; a step reads its slice where that lies, four elements after the one before.
// CHECK-LABEL: func.func @in_place
// CHECK: %[[XS:.*]] = llvm.load
// CHECK: cornu.launch @in_place.copy batch %{{.*}} ins(%{{.*}}) outs(%[[SUM:[0-9]+]] :
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %{{.*}} {
// CHECK: %[[T:.*]] = arith.index_cast %[[I]]
// CHECK: %[[FOUR:.*]] = llvm.mlir.constant(4 : i64)
// CHECK: %[[OFFSET:.*]] = llvm.mul %[[T]], %[[FOUR]]
// CHECK: %[[X:.*]] = llvm.getelementptr %{{.*}}[%[[OFFSET]]]
// CHECK: cornu.launch @in_place.add batch %{{.*}} ins(%[[SUM]], %[[X]] : {{.*}}) outs(%[[SUM]] :
// CHECK: strided<[20, 1]
func.func @in_place(%h0: tensor<?x4xf32>, %xs: tensor<?x5x4xf32>) -> tensor<?x4xf32> {
  %h = cornu.scan init(%h0) over(%xs) axis 1 length 5 : (tensor<?x4xf32>, tensor<?x5x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%h: tensor<?x4xf32>, %x: tensor<?x4xf32>):
    %next = cornu.add %h, %x : tensor<?x4xf32>, tensor<?x4xf32>
    cornu.yield %next : tensor<?x4xf32>
  }
  return %h : tensor<?x4xf32>
}

// -----

// Each element of the next state depends on all of this one: two buffers take turns. After an even number of steps the last lies where the
// first did. Outputs are written where they belong, backwards.
// CHECK-LABEL: func.func @turns
// CHECK: cornu.launch @turns.copy batch %{{.*}} ins(%{{.*}}) outs(%[[A:[0-9]+]] :
// CHECK: scf.for %[[I:.*]] = {{.*}} iter_args(%[[NOW:.*]] = %[[A]], %[[NEXT:.*]] = %{{.*}})
// CHECK: %[[STEP:.*]] = arith.index_cast %[[I]]
// CHECK: %[[LAST:.*]] = llvm.mlir.constant(5 : i64)
// CHECK: %[[T:.*]] = llvm.sub %[[LAST]], %[[STEP]]
// CHECK: llvm.mul %[[T]]
// CHECK: %[[OUT:.*]] = llvm.getelementptr
// CHECK: cornu.launch @turns.matmul_copy batch %{{.*}} ins(%[[NOW]], %{{.*}}) outs(%[[NEXT]], %[[OUT]] :
// CHECK: scf.yield %[[NEXT]], %[[NOW]]
func.func @turns(%h0: tensor<?x4xf32>, %w: tensor<4x4xf32>) -> (tensor<?x4xf32>, tensor<?x6x4xf32>) {
  %h, %all = cornu.scan init(%h0) over() axis 1 length 6 reverse : (tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x6x4xf32>) {
  ^bb0(%h: tensor<?x4xf32>):
    %next = cornu.einsum "bk,kn->bn" %h, %w : tensor<?x4xf32>, tensor<4x4xf32>
    cornu.yield %next, %next : tensor<?x4xf32>, tensor<?x4xf32>
  }
  return %h, %all : tensor<?x4xf32>, tensor<?x6x4xf32>
}

// -----

// What a step makes for itself lives for a part of the step: of its three products two are alive at once. What comes from above lives as long as
// the loop. Three rows of 64 numbers in all.
// CHECK-LABEL: func.func @lifetimes
// CHECK-SAME: cornu.workspace = array<i64: {{[0-9]+}}, 768, 0>
func.func @lifetimes(%xs: tensor<?x3x64xf32>, %w: tensor<64x64xf32>, %k: tensor<?x64xf32>) -> tensor<?x3x64xf32> {
  %above = cornu.einsum "bk,kn->bn" %k, %w : tensor<?x64xf32>, tensor<64x64xf32>
  %ys = cornu.scan init() over(%xs) axis 1 length 3 : (tensor<?x3x64xf32>) -> tensor<?x3x64xf32> {
  ^bb0(%x: tensor<?x64xf32>):
    %a = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x64xf32>, tensor<64x64xf32>
    %b = cornu.einsum "bk,kn->bn" %a, %w : tensor<?x64xf32>, tensor<64x64xf32>
    %c = cornu.einsum "bk,kn->bn" %b, %w : tensor<?x64xf32>, tensor<64x64xf32>
    %d = cornu.einsum "bk,kn->bn" %c, %w : tensor<?x64xf32>, tensor<64x64xf32>
    %e = cornu.add %d, %above : tensor<?x64xf32>, tensor<?x64xf32>
    cornu.yield %e : tensor<?x64xf32>
  }
  return %ys : tensor<?x3x64xf32>
}
