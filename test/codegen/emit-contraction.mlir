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
