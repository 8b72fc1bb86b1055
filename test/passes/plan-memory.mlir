// RUN: cornu-opt %s --cornu-structure --split-input-file | FileCheck %s

// A variable is updated in place, after the kernel that reads its old value.
// CHECK-LABEL: func.func @in_place
// CHECK: cornu.launch @in_place.matmul batch %{{.*}} ins(%{{.*}}, %[[W:[0-9]+]] :
// CHECK: cornu.launch @in_place.subtract batch %{{.*}} ins(%[[W]], %{{.*}}) outs(%[[W]]
// CHECK-NOT: cornu.launch
cornu.variable weight @w : tensor<8x4xf32>
func.func @in_place(%x: tensor<?x8xf32>, %g: tensor<8x4xf32>) -> tensor<?x4xf32> {
  %w = cornu.read @w : tensor<8x4xf32>
  %n = cornu.subtract %w, %g : tensor<8x4xf32>, tensor<8x4xf32>
  cornu.assign @w, %n : tensor<8x4xf32>
  %y = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x8xf32>, tensor<8x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

// The new value depends on every element of the old one: it is written beside, then copied.
// CHECK-LABEL: func.func @beside
// CHECK: cornu.launch @beside.matmul
// CHECK: cornu.launch @copy_w
cornu.variable weight @w : tensor<4x4xf32>
func.func @beside(%x: tensor<4x4xf32>) {
  %w = cornu.read @w : tensor<4x4xf32>
  %n = cornu.einsum "bk,kn->bn" %w, %x : tensor<4x4xf32>, tensor<4x4xf32>
  cornu.assign @w, %n : tensor<4x4xf32>
  return
}

// -----

// Values that do not live at the same time share memory: of four hidden layers two are alive at once.
// CHECK-LABEL: func.func @share
// CHECK-SAME: cornu.workspace = array<i64: 192, 512, 0>
func.func @share(%x: tensor<?x64xf32>, %w: tensor<64x64xf32>) -> tensor<?x64xf32> {
  %a = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x64xf32>, tensor<64x64xf32>
  %b = cornu.einsum "bk,kn->bn" %a, %w : tensor<?x64xf32>, tensor<64x64xf32>
  %c = cornu.einsum "bk,kn->bn" %b, %w : tensor<?x64xf32>, tensor<64x64xf32>
  %d = cornu.einsum "bk,kn->bn" %c, %w : tensor<?x64xf32>, tensor<64x64xf32>
  %e = cornu.einsum "bk,kn->bn" %d, %w : tensor<?x64xf32>, tensor<64x64xf32>
  return %e : tensor<?x64xf32>
}

// -----

// Matrices with an element for each pair of samples: bytes for each pair, and strides that only the batch tells.
// CHECK-LABEL: func.func @pairs
// CHECK-SAME: cornu.workspace = array<i64: 320, 4, 8>
// CHECK: func.func private @pairs.matmul({{.*}}cornu.layouts = [memref<?x8xf32, strided<[8, 1]>>, memref<?x?xf32, strided<[?, 1]>>]
func.func @pairs(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %s = cornu.einsum "ik,jk->ij" %x, %x : tensor<?x8xf32>, tensor<?x8xf32>
  %m = cornu.reduce_max %s dims [1] : tensor<?x?xf32>
  %t = cornu.transpose %s perm [1, 0] : tensor<?x?xf32>
  %d = cornu.subtract %t, %m : tensor<?x?xf32>, tensor<?xf32>
  %y = cornu.einsum "ij,jk->ik" %d, %x : tensor<?x?xf32>, tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// -----

// Equal kernels are one function.
// CHECK-LABEL: func.func @twice
// CHECK: cornu.launch @twice.tanh
// CHECK: cornu.launch @twice.tanh batch
// CHECK-COUNT-1: func.func private
// CHECK-NOT: func.func private
func.func @twice(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<?x64xf32>) {
  %a = cornu.tanh %x : tensor<?x64xf32>
  %b = cornu.tanh %y : tensor<?x64xf32>
  return %a, %b : tensor<?x64xf32>, tensor<?x64xf32>
}

// -----

// Concatenation costs nothing: each operand is written where it belongs.
// CHECK-LABEL: func.func @concatenate
// CHECK-COUNT-3: cornu.launch
// CHECK-NOT: cornu.launch
// CHECK: memref<?x8xf32, strided<[12, 1]>>
// CHECK: memref<?x12xf32, strided<[24, 1]>>
func.func @concatenate(%x: tensor<?x8xf32>, %y: tensor<?x4xf32>) -> tensor<?x24xf32> {
  %a = cornu.concatenate %x, %y dim 1 : tensor<?x8xf32>, tensor<?x4xf32>
  %b = cornu.exp %a : tensor<?x12xf32>
  %c = cornu.concatenate %b, %a dim 1 : tensor<?x12xf32>, tensor<?x12xf32>
  return %c : tensor<?x24xf32>
}

// -----

// Two variables, each updated from the old value of the other: one kernel writes both in place, since it reads everything before it writes.
// CHECK-LABEL: func.func @swapped
// CHECK: cornu.launch @swapped.add_subtract batch %{{.*}} ins(%{{.*}}, %{{.*}}) outs(
// CHECK-NOT: cornu.launch
cornu.variable weight @a : tensor<256xf32>
cornu.variable weight @b : tensor<256xf32>
func.func @swapped() {
  %a = cornu.read @a : tensor<256xf32>
  %b = cornu.read @b : tensor<256xf32>
  %s = cornu.add %a, %b : tensor<256xf32>, tensor<256xf32>
  %d = cornu.subtract %a, %b : tensor<256xf32>, tensor<256xf32>
  cornu.assign @a, %s : tensor<256xf32>
  cornu.assign @b, %d : tensor<256xf32>
  return
}
