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

// A processor does not look as far ahead as the next vector of a long body: four are written side by side. Sigmoid's power saturates.
// CHECK-LABEL: func.func private @gates
// CHECK-COUNT-8: vector.load
// CHECK-COUNT-4: math.tanh
// CHECK-COUNT-4: math.exp {{.*}} fastmath<contract,afn>
// CHECK-COUNT-4: math.tanh
// CHECK-COUNT-4: vector.store
func.func @gates(%i: tensor<?x64xf32>, %o: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %0 = cornu.tanh %i : tensor<?x64xf32>
  %1 = cornu.sigmoid %o : tensor<?x64xf32>
  %2 = cornu.multiply %0, %1 : tensor<?x64xf32>, tensor<?x64xf32>
  %3 = cornu.tanh %2 : tensor<?x64xf32>
  return %3 : tensor<?x64xf32>
}

// With as many results as this, it is memory that everything waits for.
// CHECK-LABEL: func.func private @kept
// CHECK-COUNT-2: vector.load
// CHECK: vector.store
// CHECK: vector.store
// CHECK: vector.store
// CHECK-COUNT-2: vector.load
func.func @kept(%i: tensor<?x64xf32>, %o: tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>) {
  %0 = cornu.tanh %i : tensor<?x64xf32>
  %1 = cornu.sigmoid %o : tensor<?x64xf32>
  %2 = cornu.multiply %0, %1 : tensor<?x64xf32>, tensor<?x64xf32>
  %3 = cornu.tanh %2 : tensor<?x64xf32>
  return %0, %1, %3 : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>
}
