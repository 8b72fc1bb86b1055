// RUN: cornu-opt %s --cornu-structure --cornu-emit-kernels=cpu=x86-64-v4 | FileCheck %s --check-prefixes=CHECK,V4
// RUN: cornu-opt %s --cornu-structure --cornu-emit-kernels=cpu=x86-64-v3 | FileCheck %s --check-prefixes=CHECK,V3

// Accumulators are carried by the K loop, one vector each; bias and activation follow before the only store.
// CHECK-LABEL: func.func private @dense.matmul_add_relu
// V4: scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>
// V3: scf.for {{.*}} iter_args({{.*}}) -> (vector<8xf32>
// CHECK: vector.fma
// CHECK: scf.yield
// CHECK-NOT: memref.store
// CHECK: arith.addf
// CHECK: arith.cmpf
// CHECK: vector.store
func.func @dense(%x: tensor<?x784xf32>, %w: tensor<784x64xf32>, %b: tensor<64xf32>) -> tensor<?x64xf32> {
  %a = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x784xf32>, tensor<784x64xf32>
  %z = cornu.add %a, %b : tensor<?x64xf32>, tensor<64xf32>
  %h = cornu.relu %z : tensor<?x64xf32>
  return %h : tensor<?x64xf32>
}

// Steps of a sequence, of which a page holds four and the second-level cache few: while a tile is summed, it asks for the next one's, 14 rows of 256 numbers on.
// CHECK-LABEL: func.func private @steps.matmul
// V4: scf.for {{.*}} iter_args
// V4: %[[AT:.*]] = arith.addi %{{.*}}, %c3584
// V4: %[[STEP:.*]] = arith.muli %{{.*}}, %c13
// V4: %[[AHEAD:.*]] = arith.addi %[[AT]], %[[STEP]]
// V4: memref.prefetch %{{.*}}[%[[AHEAD]]], read, locality<3>
// V4: vector.fma
func.func @steps(%x: tensor<?x280x256xf32>, %w: tensor<256x256xf32>) -> tensor<?x280x256xf32> {
  %0 = cornu.einsum "btk,kn->btn" %x, %w : tensor<?x280x256xf32>, tensor<256x256xf32>
  return %0 : tensor<?x280x256xf32>
}

// What stays in the cache is not asked for.
// CHECK-LABEL: func.func private @near.matmul
// CHECK-NOT: memref.prefetch
// CHECK: vector.fma
// CHECK-NOT: memref.prefetch
// CHECK: return
func.func @near(%x: tensor<?x10x64xf32>, %w: tensor<64x64xf32>) -> tensor<?x10x64xf32> {
  %0 = cornu.einsum "btk,kn->btn" %x, %w : tensor<?x10x64xf32>, tensor<64x64xf32>
  return %0 : tensor<?x10x64xf32>
}
