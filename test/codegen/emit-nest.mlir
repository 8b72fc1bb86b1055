// RUN: cornu-opt %s --cornu-decompose --cornu-structure --cornu-emit-kernels=cpu=x86-64-v4 | FileCheck %s

// A short row is one masked vector: no loop inside of the row loop.
// CHECK-LABEL: func.func private @short
// CHECK: scf.for
// CHECK-NOT: scf.for
// CHECK: vector.maskedload
// CHECK: vector.maskedstore
func.func @short(%x: tensor<?x10xf32>) -> tensor<?x10xf32> {
  %y = cornu.softmax %x dims [1] : tensor<?x10xf32>
  return %y : tensor<?x10xf32>
}

// Element-wise work over static dimensions is one flat loop.
// CHECK-LABEL: func.func private @flat
// CHECK-COUNT-1: scf.for
// CHECK-NOT: scf.for
// CHECK: return
func.func @flat(%x: tensor<64x48xf32>, %y: tensor<64x48xf32>) -> tensor<64x48xf32> {
  %z = cornu.add %x, %y : tensor<64x48xf32>, tensor<64x48xf32>
  return %z : tensor<64x48xf32>
}
