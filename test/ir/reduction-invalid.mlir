// RUN: cornu-opt %s --split-input-file --verify-diagnostics

func.func @beyond_rank(%x: tensor<?x4xf32>) {
  // expected-error @below {{dims must be ascending and within the rank of x. Received: dims=(2), rank 2}}
  %0 = cornu.reduce_sum %x dims [2] : tensor<?x4xf32>
  return
}

// -----

func.func @unordered(%x: tensor<?x4xf32>) {
  // expected-error @below {{Received: dims=(1, 0), rank 2}}
  %0 = cornu.reduce_max %x dims [1, 0] : tensor<?x4xf32>
  return
}

// -----

func.func @softmax_dims(%x: tensor<?x4xf32>) {
  // expected-error @below {{Received: dims=(-1), rank 2}}
  %0 = cornu.softmax %x dims [-1] : tensor<?x4xf32>
  return
}

// -----

func.func @argmax_dim(%x: tensor<?x4xf32>) {
  // expected-error @below {{Received: dims=(3), rank 2}}
  %0 = cornu.argmax %x dim 3 : tensor<?x4xf32>
  return
}
