// RUN: cornu-opt %s --cornu-structure --cornu-emit-kernels="cpu=x86-64-v3 smallest-part=1" | FileCheck %s --check-prefix=SHARE
// RUN: cornu-opt %s --cornu-structure --cornu-emit-kernels=cpu=x86-64-v3 | FileCheck %s --check-prefix=WHOLE
// RUN: cornu-opt %s --cornu-structure --cornu-emit-kernels="cpu=x86-64-v3 smallest-part=1" --cornu-lower-to-llvm=cpu=x86-64-v3 | FileCheck %s --check-prefix=TASK

// A share is a range of rows, from part / parts of them to (part + 1) / parts.
// SHARE-LABEL: func.func private @rows.multiply
// SHARE-SAME: %[[BATCH:[a-z0-9]+]]: index, %[[PART:[a-z0-9]+]]: index, %[[PARTS:[a-z0-9]+]]: index
// SHARE-SAME: cornu.work = array<i64:
// SHARE: %[[BEFORE:.*]] = arith.muli %[[BATCH]], %[[PART]]
// SHARE: %[[FROM:.*]] = arith.divui %[[BEFORE]], %[[PARTS]]
// SHARE: %[[THROUGH:.*]] = arith.muli %[[BATCH]]
// SHARE: %[[TO:.*]] = arith.divui %[[THROUGH]], %[[PARTS]]
// SHARE: scf.for %{{.*}} = %[[FROM]] to %[[TO]]

// Where threads are not wanted, kernels have no such arguments.
// WHOLE-LABEL: func.func private @rows.multiply
// WHOLE-SAME: memref<?xf32>, %{{[a-z0-9]+}}: index) attributes {cornu.kernel}

// The kernel is the task; its arguments lie behind the context. Entry point and task count denormal numbers as zero.
// TASK-LABEL: llvm.func @rows(
// TASK-SAME: denormal_fp_math = "preserve-sign,preserve-sign"
// TASK: llvm.x86.sse.ldmxcsr
// TASK: %[[CONTEXT:.*]] = llvm.alloca
// TASK: %[[KERNEL:.*]] = llvm.mlir.addressof @rows.multiply
// TASK: llvm.call @cornu.launch(%[[KERNEL]], %[[CONTEXT]]
// TASK: llvm.x86.sse.ldmxcsr
// TASK: llvm.return
// TASK-LABEL: llvm.func @rows.multiply(
// TASK-SAME: !llvm.ptr, %{{[a-z0-9]+}}: i64, %{{[a-z0-9]+}}: i64)
// TASK: llvm.x86.sse.ldmxcsr
// TASK-LABEL: llvm.func internal @cornu.launch(
func.func @rows(%x: tensor<?x100xf32>, %y: tensor<?x100xf32>) -> tensor<?x100xf32> {
  %0 = cornu.multiply %x, %y : tensor<?x100xf32>, tensor<?x100xf32>
  return %0 : tensor<?x100xf32>
}

// A sum over rows is cut between columns, 16 of which are a line of the cache.
// SHARE-LABEL: func.func private @columns
// SHARE-SAME: %[[BATCH:[a-z0-9]+]]: index, %[[PART:[a-z0-9]+]]: index, %[[PARTS:[a-z0-9]+]]: index
// SHARE-SAME: cornu.work = array<i64:
// SHARE: %[[BEFORE:.*]] = arith.muli %[[PART]], %c7
// SHARE: arith.divui %[[BEFORE]], %[[PARTS]]
// SHARE: return
func.func @columns(%x: tensor<?x100xf32>) -> tensor<100xf32> {
  %0 = cornu.reduce_sum %x dims [0] : tensor<?x100xf32>
  return %0 : tensor<100xf32>
}

// A sum of everything stays with one thread: how it is cut would show in its bits.
// SHARE-LABEL: func.func private @everything
// SHARE-NOT: cornu.work
// SHARE: return
func.func @everything(%x: tensor<?x100xf32>) -> tensor<f32> {
  %0 = cornu.reduce_sum %x dims [0, 1] : tensor<?x100xf32>
  return %0 : tensor<f32>
}
