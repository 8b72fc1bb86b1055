// RUN: cornu-opt %s --cornu-decompose --cornu-lower-to-linalg --cornu-form-kernels --split-input-file | FileCheck %s

// Bias and activation run on the accumulators of the matmul.
// CHECK-LABEL: func.func @dense
// CHECK: cornu.kernel "fc1.matmul_add_relu"
// CHECK-NOT: cornu.kernel
func.func @dense(%x: tensor<?x784xf32>, %w: tensor<784x64xf32>, %b: tensor<64xf32>) -> tensor<?x64xf32> {
  %a = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x784xf32>, tensor<784x64xf32> loc("fc1")
  %z = cornu.add %a, %b : tensor<?x64xf32>, tensor<64xf32> loc("fc1")
  %h = cornu.relu %z : tensor<?x64xf32> loc("fc1")
  return %h : tensor<?x64xf32>
}

// -----

// The mask of relu's gradient is recomputed where it is used, not stored by the kernel that could.
// CHECK-LABEL: func.func @mask
// CHECK: cornu.kernel "mask.matmul_relu" {{.*}} -> tensor<?x64xf32>
// CHECK: cornu.kernel "mask.matmul_compare_select"
func.func @mask(%x: tensor<?x32xf32>, %w: tensor<32x64xf32>, %v: tensor<64x64xf32>) -> (tensor<?x64xf32>, tensor<?x64xf32>) {
  %zero = cornu.constant dense<0.0> : tensor<f32>
  %a = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x32xf32>, tensor<32x64xf32>
  %h = cornu.relu %a : tensor<?x64xf32>
  %m = cornu.compare gt %h, %zero : tensor<?x64xf32>, tensor<f32>
  %d = cornu.einsum "bk,kn->bn" %h, %v : tensor<?x64xf32>, tensor<64x64xf32>
  %s = cornu.select %m, %d, %zero : tensor<?x64xi1>, tensor<?x64xf32>, tensor<f32>
  return %h, %s : tensor<?x64xf32>, tensor<?x64xf32>
}

// -----

// Softmax is one kernel: reductions and what is between them share the row loop.
// CHECK-LABEL: func.func @softmax
// CHECK-COUNT-1: cornu.kernel
// CHECK-NOT: cornu.kernel
func.func @softmax(%x: tensor<?x10xf32>) -> tensor<?x10xf32> {
  %y = cornu.softmax %x dims [1] : tensor<?x10xf32>
  return %y : tensor<?x10xf32>
}

// -----

// A path that leaves the group and comes back keeps it apart: the sum of h is needed before h can be scaled by it.
// CHECK-LABEL: func.func @convex
// CHECK: cornu.kernel "convex.matmul"
// CHECK: cornu.kernel "convex.reduce_sum"
// CHECK: cornu.kernel "convex.multiply"
func.func @convex(%x: tensor<?x32xf32>, %w: tensor<32x64xf32>) -> tensor<?x64xf32> {
  %h = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x32xf32>, tensor<32x64xf32>
  %s = cornu.reduce_sum %h dims [0, 1] : tensor<?x64xf32>
  %y = cornu.multiply %h, %s : tensor<?x64xf32>, tensor<f32>
  return %y : tensor<?x64xf32>
}

// -----

// Kernels that read the same tensor become one, and what is cheap is computed again instead of being stored: x - m is read by nobody.
// CHECK-LABEL: func.func @normalize
// CHECK: cornu.kernel "normalize.reduce_sum" %{{.*}} -> tensor<1x64xf32>
// CHECK: cornu.kernel "normalize.subtract_square_reduce_sum_multiply" {{.*}} -> (tensor<1x64xf32>, tensor<1x64xf32>)
// CHECK: cornu.kernel "normalize.subtract_multiply_add" {{.*}} -> tensor<?x64xf32>
// CHECK-NOT: cornu.kernel
func.func @normalize(%x: tensor<?x64xf32>, %g: tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<1x64xf32>) {
  %m = cornu.reduce_sum %x dims [0] keepdims : tensor<?x64xf32>
  %d = cornu.subtract %x, %m : tensor<?x64xf32>, tensor<1x64xf32>
  %q = cornu.square %d : tensor<?x64xf32>
  %v = cornu.reduce_sum %q dims [0] keepdims : tensor<?x64xf32>
  %p = cornu.multiply %d, %g : tensor<?x64xf32>, tensor<?x64xf32>
  %s = cornu.reduce_sum %p dims [0] keepdims : tensor<?x64xf32>
  %y = cornu.multiply %d, %v : tensor<?x64xf32>, tensor<1x64xf32>
  %z = cornu.add %y, %s : tensor<?x64xf32>, tensor<1x64xf32>
  return %z, %v : tensor<?x64xf32>, tensor<1x64xf32>
}

// -----

// Costly terms are stored, and read.
// CHECK-LABEL: func.func @costly
// CHECK: cornu.kernel "costly.exp_reduce_sum" {{.*}} -> (tensor<?x64xf32>, tensor<1x64xf32>)
// CHECK: cornu.kernel "costly.divide"
func.func @costly(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %e = cornu.exp %x : tensor<?x64xf32>
  %s = cornu.reduce_sum %e dims [0] keepdims : tensor<?x64xf32>
  %y = cornu.divide %e, %s : tensor<?x64xf32>, tensor<1x64xf32>
  return %y : tensor<?x64xf32>
}
