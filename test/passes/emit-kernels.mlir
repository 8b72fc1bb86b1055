// RUN: cornu-opt %s --cornu-structure --cornu-emit-kernels=cpu=x86-64-v3 | FileCheck %s
// RUN: cornu-opt %s --cornu-structure --cornu-emit-kernels=cpu=x86-64-v3 --cornu-lower-to-llvm=cpu=x86-64-v3 | FileCheck %s --check-prefix=LLVM

// Accumulators stay in vectors over the loop of the contraction, eight floats wide for AVX2; the epilogue runs on them.
// CHECK-LABEL: func.func private @fc1.matmul_add
// CHECK: scf.for
// CHECK: vector.fma {{.*}} : vector<8xf32>
// CHECK: scf.yield
// CHECK: arith.addf {{.*}} : vector<8xf32>

// Nothing but the LLVM dialect remains.
// LLVM-NOT: func.func
// LLVM-NOT: vector.
// LLVM: llvm.func @dense(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: !llvm.ptr)
// LLVM: llvm.intr.{{fma|fmuladd}}
func.func @dense(%x: tensor<?x64xf32>, %w: tensor<64x32xf32>, %b: tensor<32xf32>) -> tensor<?x32xf32> {
  %0 = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x64xf32>, tensor<64x32xf32> loc("fc1")
  %1 = cornu.add %0, %b : tensor<?x32xf32>, tensor<32xf32> loc("fc1")
  return %1 : tensor<?x32xf32>
}
