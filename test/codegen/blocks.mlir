// RUN: cornu-opt %s --cornu-structure --cornu-emit-kernels=cpu=x86-64-v4 | FileCheck %s

// A matrix that stays in the second-level cache from call to call is read where it lies.
// CHECK-LABEL: func.func private @alone.matmul
// CHECK-NOT: locality<2>
// CHECK: return
func.func @alone(%x: tensor<?x784xf32>, %w: tensor<784x500xf32>) -> tensor<?x500xf32> {
  %y = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x784xf32>, tensor<784x500xf32>
  return %y : tensor<?x500xf32>
}

// Of several that do not stay together, a part of 80 rows or fewer of the sum's is copied to where it lies densely, while the next is asked for.
// CHECK-LABEL: func.func private @both.matmul
// CHECK: %[[PACKED:.*]] = memref.alloca() {alignment = 64 : i64} : memref<3840xf32>
// CHECK: vector.store %{{.*}}, %[[PACKED]]
// CHECK: locality<2>
// CHECK: vector.load %[[PACKED]]
func.func @both(%x: tensor<?x700xf32>, %v: tensor<700x500xf32>, %w: tensor<500x470xf32>) -> tensor<?x470xf32> {
  %h = cornu.einsum "bk,kn->bn" %x, %v : tensor<?x700xf32>, tensor<700x500xf32>
  %y = cornu.einsum "bk,kn->bn" %h, %w : tensor<?x500xf32>, tensor<500x470xf32>
  return %y : tensor<?x470xf32>
}
