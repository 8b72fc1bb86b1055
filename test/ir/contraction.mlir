// RUN: cornu-opt --verify-roundtrip %s | FileCheck %s

// CHECK-LABEL: @einsum
func.func @einsum(%x: tensor<?x784xf32>, %w: tensor<784x64xf32>, %q: tensor<?x8x5x16xf32>, %k: tensor<?x8x7x16xf32>)
    -> (tensor<?x64xf32>, tensor<?x8x5x7xf32>) {
  // CHECK: cornu.einsum "bk,kn->bn" %{{.*}}, %{{.*}} : tensor<?x784xf32>, tensor<784x64xf32>
  %0 = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x784xf32>, tensor<784x64xf32>
  // CHECK: cornu.einsum "bhik,bhjk->bhij" %{{.*}}, %{{.*}} : tensor<?x8x5x16xf32>, tensor<?x8x7x16xf32>
  %1 = cornu.einsum "bhik,bhjk->bhij" %q, %k : tensor<?x8x5x16xf32>, tensor<?x8x7x16xf32>
  return %0, %1 : tensor<?x64xf32>, tensor<?x8x5x7xf32>
}
