// RUN: cornu-opt %s --cornu-structure --split-input-file | FileCheck %s

// What goes from one convolution to the next is some 240 KB for each image: four images at a time stay in the second-level cache, and have memory for four.
// CHECK-LABEL: func.func @four_at_a_time
// CHECK-SAME: cornu.workspace = array<i64: {{[0-9]+}}, 0, 0>
// CHECK-DAG: %[[Y:.*]] = llvm.getelementptr %{{.*}} : (!llvm.ptr, i64) -> !llvm.ptr, i8
// CHECK-DAG: %[[FOUR:.*]] = arith.constant 4 : index
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %[[FOUR]] {
// CHECK: %[[FIRST:.*]] = arith.index_cast %[[I]] : index to i64
// CHECK: %[[LEFT:.*]] = llvm.sub %arg3, %[[FIRST]] : i64
// CHECK: %[[ROWS:.*]] = llvm.intr.umin(%[[LEFT]], %{{.*}})
// CHECK: %[[BYTES:.*]] = llvm.mul %[[FIRST]], %{{.*}} : i64
// CHECK: %[[X:.*]] = llvm.getelementptr %{{.*}}[%[[BYTES]]]
// CHECK: cornu.launch @four_at_a_time.convolution batch %[[ROWS]] ins(%[[X]], %{{.*}}) outs(%[[Y]] :
// CHECK: cornu.launch @four_at_a_time.convolution{{.*}} batch %[[ROWS]] ins(%[[Y]], %{{.*}}) outs(%{{.*}} :
// CHECK: }
cornu.variable weight @w : tensor<5x5x16x16xf32>
func.func @four_at_a_time(%x: tensor<?x64x64x16xf32>) -> tensor<?x56x56x16xf32> {
  %w = cornu.read @w : tensor<5x5x16x16xf32>
  %y = cornu.convolution "b01i,01io->b01o" %x, %w strides [1, 1] dilations [1, 1] offsets [0, 0] bases [1, 1] : tensor<?x64x64x16xf32>, tensor<5x5x16x16xf32> to tensor<?x60x60x16xf32>
  %z = cornu.convolution "b01i,01io->b01o" %y, %w strides [1, 1] dilations [1, 1] offsets [0, 0] bases [1, 1] : tensor<?x60x60x16xf32>, tensor<5x5x16x16xf32> to tensor<?x56x56x16xf32>
  return %z : tensor<?x56x56x16xf32>
}

// -----

// What others read after the block has memory for all rows.
// CHECK-LABEL: func.func @read_later
// CHECK-SAME: cornu.workspace = array<i64: {{[0-9]+}}, 230400, 0>
// CHECK: scf.for
// CHECK: }
// CHECK: cornu.launch @read_later
cornu.variable weight @w : tensor<5x5x16x16xf32>
func.func @read_later(%x: tensor<?x64x64x16xf32>) -> (tensor<?x56x56x16xf32>, tensor<60x60x16xf32>) {
  %w = cornu.read @w : tensor<5x5x16x16xf32>
  %y = cornu.convolution "b01i,01io->b01o" %x, %w strides [1, 1] dilations [1, 1] offsets [0, 0] bases [1, 1] : tensor<?x64x64x16xf32>, tensor<5x5x16x16xf32> to tensor<?x60x60x16xf32>
  %z = cornu.convolution "b01i,01io->b01o" %y, %w strides [1, 1] dilations [1, 1] offsets [0, 0] bases [1, 1] : tensor<?x60x60x16xf32>, tensor<5x5x16x16xf32> to tensor<?x56x56x16xf32>
  %sum = cornu.reduce_sum %y dims [0] : tensor<?x60x60x16xf32>
  return %z, %sum : tensor<?x56x56x16xf32>, tensor<60x60x16xf32>
}

// -----

// Of small images, a batch stays near as it is; and weights as large as what they are multiplied with are to be read once.
// CHECK-LABEL: func.func @small
// CHECK-NOT: scf.for
cornu.variable weight @w : tensor<64x64xf32>
func.func @small(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %w = cornu.read @w : tensor<64x64xf32>
  %y = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x64xf32>, tensor<64x64xf32>
  %z = cornu.einsum "bk,kn->bn" %y, %w : tensor<?x64xf32>, tensor<64x64xf32>
  return %z : tensor<?x64xf32>
}

// -----

// CHECK-LABEL: func.func @heavy
// CHECK-NOT: scf.for
cornu.variable weight @w : tensor<1024x1024xf32>
func.func @heavy(%x: tensor<?x64x1024xf32>) -> tensor<?x64x1024xf32> {
  %w = cornu.read @w : tensor<1024x1024xf32>
  %y = cornu.einsum "btk,kn->btn" %x, %w : tensor<?x64x1024xf32>, tensor<1024x1024xf32>
  %z = cornu.einsum "btk,kn->btn" %y, %w : tensor<?x64x1024xf32>, tensor<1024x1024xf32>
  return %z : tensor<?x64x1024xf32>
}
