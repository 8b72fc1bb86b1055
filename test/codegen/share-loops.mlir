// RUN: cornu-opt %s --cornu-structure --cornu-emit-kernels="cpu=x86-64-v3 smallest-part=1" --split-input-file | FileCheck %s

// A batch that makes two shares goes through the loop once for each, every launch for its rows: from the part's first on, 160 bytes apart in the sequence. A smaller
// one runs the loop here, and threads may share its kernels.
// CHECK-LABEL: func.func @steps(
// CHECK: %[[TWO:.*]] = llvm.mlir.constant(2 : i64)
// CHECK: %[[ENOUGH:.*]] = llvm.icmp "uge" %arg3, %[[TWO]]
// CHECK: scf.if %[[ENOUGH]] {
// CHECK-NEXT: cornu.launch @steps.loop batch %arg3 ins(
// CHECK-NEXT: } else {
// CHECK: scf.for
// CHECK: cornu.launch @steps.add_tanh batch %arg3 turn
// CHECK-LABEL: func.func private @steps.loop(
// CHECK-SAME: %[[BATCH:[a-z0-9]+]]: index, %[[PART:[a-z0-9]+]]: index, %[[PARTS:[a-z0-9]+]]: index) attributes {cornu.kernel, cornu.work = array<i64: 0, {{[0-9]+}}, 1, 1>}
// CHECK: %[[END:.*]] = arith.select
// CHECK-NEXT: %[[ROWS:.*]] = arith.subi %[[END]]
// CHECK-NEXT: %[[COUNT:.*]] = arith.index_cast %[[ROWS]]
// CHECK: %[[BYTES:.*]] = llvm.mlir.constant(160 : i64)
// CHECK-NEXT: %[[SKIP:.*]] = llvm.mul %{{.*}}, %[[BYTES]]
// CHECK-NEXT: scf.for
// CHECK: llvm.getelementptr %{{.*}}[%[[SKIP]]] : (!llvm.ptr, i64) -> !llvm.ptr, i8
// CHECK: cornu.launch @steps.add_tanh batch %[[COUNT]] turn
func.func @steps(%xs: tensor<?x5x8xf32>, %h0: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %h = cornu.scan init(%h0) over(%xs) axis 1 length 5 : (tensor<?x8xf32>, tensor<?x5x8xf32>) -> tensor<?x8xf32> {
  ^bb0(%h: tensor<?x8xf32>, %x: tensor<?x8xf32>):
    %s = cornu.add %h, %x : tensor<?x8xf32>, tensor<?x8xf32>
    %next = cornu.tanh %s : tensor<?x8xf32>
    cornu.yield %next : tensor<?x8xf32>
  }
  return %h : tensor<?x8xf32>
}

// -----

// Rows that meet, in a sum over the batch, are not apart; nor are those that depend on where they are.
// CHECK-NOT: @together.loop
// CHECK-NOT: @numbered.loop
func.func @together(%xs: tensor<?x5x8xf32>, %h0: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %h = cornu.scan init(%h0) over(%xs) axis 1 length 5 : (tensor<?x8xf32>, tensor<?x5x8xf32>) -> tensor<?x8xf32> {
  ^bb0(%h: tensor<?x8xf32>, %x: tensor<?x8xf32>):
    %mean = cornu.reduce_sum %h dims [0] : tensor<?x8xf32>
    %next = cornu.add %x, %mean : tensor<?x8xf32>, tensor<8xf32>
    cornu.yield %next : tensor<?x8xf32>
  }
  return %h : tensor<?x8xf32>
}

func.func @numbered(%xs: tensor<?x5x8xi32>, %h0: tensor<?x8xi32>) -> tensor<?x8xi32> {
  %h = cornu.scan init(%h0) over(%xs) axis 1 length 5 : (tensor<?x8xi32>, tensor<?x5x8xi32>) -> tensor<?x8xi32> {
  ^bb0(%h: tensor<?x8xi32>, %x: tensor<?x8xi32>):
    %row = cornu.iota dim 0 : tensor<?x8xi32>
    %some = cornu.multiply %row, %h : tensor<?x8xi32>, tensor<?x8xi32>
    %next = cornu.add %some, %x : tensor<?x8xi32>, tensor<?x8xi32>
    cornu.yield %next : tensor<?x8xi32>
  }
  return %h : tensor<?x8xi32>
}
