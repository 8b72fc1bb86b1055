// RUN: cornu-opt %s --split-input-file --verify-diagnostics

func.func @reshape_count(%x: tensor<?x6xf32>) {
  // expected-error @below {{keeps the number of elements, before and after the batch. Received: (?, 6) to (?, 4)}}
  %0 = cornu.reshape %x : tensor<?x6xf32> to tensor<?x4xf32>
  return
}

// -----

func.func @reshape_moves_batch(%x: tensor<?x6xf32>) {
  // expected-error @below {{Received: (?, 6) to (6, ?)}}
  %0 = cornu.reshape %x : tensor<?x6xf32> to tensor<6x?xf32>
  return
}

// -----

func.func @reshape_loses_batch(%x: tensor<?x6xf32>) {
  // expected-error @below {{Received: (?, 6) to (6)}}
  %0 = cornu.reshape %x : tensor<?x6xf32> to tensor<6xf32>
  return
}

// -----

func.func @broadcast(%x: tensor<2xf32>) {
  // expected-error @below {{needs each extent of x equal to the result's, or 1. Received: (2) to (?, 3)}}
  %0 = cornu.broadcast_to %x : tensor<2xf32> to tensor<?x3xf32>
  return
}

// -----

func.func @broadcast_shrinks(%x: tensor<2x3xf32>) {
  // expected-error @below {{Received: (2, 3) to (3)}}
  %0 = cornu.broadcast_to %x : tensor<2x3xf32> to tensor<3xf32>
  return
}

// -----

func.func @transpose(%x: tensor<2x3xf32>) {
  // expected-error @below {{perm must name each dimension of x once. Received: perm=(0, 0), rank 2}}
  %0 = cornu.transpose %x perm [0, 0] : tensor<2x3xf32>
  return
}

// -----

func.func @concatenate(%x: tensor<?x3xf32>, %y: tensor<2x3xf32>) {
  // expected-error @below {{tensors to concatenate may differ along dim alone. Received: dim=1, shapes (?, 3) and (2, 3)}}
  %0 = cornu.concatenate %x, %y dim 1 : tensor<?x3xf32>, tensor<2x3xf32>
  return
}

// -----

func.func @concatenate_batch(%x: tensor<?x3xf32>) {
  // expected-error @below {{dim must not be the batch. Received: dim=0 of shape (?, 3)}}
  %0 = cornu.concatenate %x, %x dim 0 : tensor<?x3xf32>, tensor<?x3xf32>
  return
}

// -----

func.func @slice(%x: tensor<?x3xf32>) {
  // expected-error @below {{a slice needs 0 <= start <= limit <= extent. Received: [2 : 4] of extent 3}}
  %0 = cornu.slice %x dim 1 [2 : 4] : tensor<?x3xf32>
  return
}

// -----

func.func @pad(%x: tensor<?x3xf32>) {
  // expected-error @below {{low and high must not be negative. Received: low=-1, high=0}}
  %0 = cornu.pad %x dim 1 low -1 high 0 : tensor<?x3xf32>
  return
}

// -----

func.func @iota() {
  // expected-error @below {{Received: dims=(1), rank 1}}
  %0 = cornu.iota dim 1 : tensor<4xi32>
  return
}
