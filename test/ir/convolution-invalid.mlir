// RUN: cornu-opt %s --split-input-file --verify-diagnostics

func.func @form(%x: tensor<?x8x4xf32>, %w: tensor<3x4x5xf32>) {
  // expected-error @below {{one letter or digit a dimension, none twice in a term. Received: "b0i,0i0->b0o"}}
  %0 = cornu.convolution "b0i,0i0->b0o" %x, %w strides [1] dilations [1] offsets [0] bases [1] : tensor<?x8x4xf32>, tensor<3x4x5xf32> to tensor<?x6x5xf32>
  return
}

// -----

func.func @windows(%x: tensor<?x8x4xf32>, %w: tensor<3x4x5xf32>) {
  // expected-error @below {{needs the windows 0, 1, … in each of its terms. Received: "b1i,1io->b1o"}}
  %0 = cornu.convolution "b1i,1io->b1o" %x, %w strides [1] dilations [1] offsets [0] bases [1] : tensor<?x8x4xf32>, tensor<3x4x5xf32> to tensor<?x6x5xf32>
  return
}

// -----

func.func @missing_window(%x: tensor<?x8x4xf32>, %w: tensor<8x4x5xf32>) {
  // expected-error @below {{needs the windows 0, 1, … in each of its terms. Received: "b0i,0io->bo"}}
  %0 = cornu.convolution "b0i,0io->bo" %x, %w strides [] dilations [] offsets [] bases [] : tensor<?x8x4xf32>, tensor<8x4x5xf32> to tensor<?x5xf32>
  return
}

// -----

func.func @numbers(%x: tensor<?x8x4xf32>, %w: tensor<3x4x5xf32>) {
  // expected-error @below {{needs strides, dilations, offsets and bases for each window. Received: 2 for 1 windows}}
  %0 = cornu.convolution "b0i,0io->b0o" %x, %w strides [1] dilations [1, 1] offsets [0] bases [1] : tensor<?x8x4xf32>, tensor<3x4x5xf32> to tensor<?x6x5xf32>
  return
}

// -----

func.func @zero(%x: tensor<?x8x4xf32>, %w: tensor<3x4x5xf32>) {
  // expected-error @below {{needs strides and dilations other than 0 and bases of at least 1. Received: strides (0), dilations (1), bases (1)}}
  %0 = cornu.convolution "b0i,0io->b0o" %x, %w strides [0] dilations [1] offsets [0] bases [1] : tensor<?x8x4xf32>, tensor<3x4x5xf32> to tensor<?x6x5xf32>
  return
}

// -----

func.func @channels(%x: tensor<?x8x4xf32>, %w: tensor<3x6x5xf32>) {
  // expected-error @below {{a letter must have one extent. Received: "b0i,0io->b0o" with shapes (?, 8, 4) and (3, 6, 5), letter i}}
  %0 = cornu.convolution "b0i,0io->b0o" %x, %w strides [1] dilations [1] offsets [0] bases [1] : tensor<?x8x4xf32>, tensor<3x6x5xf32> to tensor<?x6x5xf32>
  return
}

// -----

func.func @result(%x: tensor<?x8x4xf32>, %w: tensor<3x4x5xf32>) {
  // expected-error @below {{needs a result with the extents of its letters. Received: "b0i,0io->b0o" to (?, 6, 4)}}
  %0 = cornu.convolution "b0i,0io->b0o" %x, %w strides [1] dilations [1] offsets [0] bases [1] : tensor<?x8x4xf32>, tensor<3x4x5xf32> to tensor<?x6x4xf32>
  return
}

// -----

func.func @rank(%x: tensor<?x8x4xf32>, %w: tensor<3x4x5xf32>) {
  // expected-error @below {{needs a result with one dimension a letter. Received: "b0i,0io->b0o" to (?, 6)}}
  %0 = cornu.convolution "b0i,0io->b0o" %x, %w strides [1] dilations [1] offsets [0] bases [1] : tensor<?x8x4xf32>, tensor<3x4x5xf32> to tensor<?x6xf32>
  return
}

// -----

func.func @along_the_batch(%x: tensor<?x4xf32>, %w: tensor<3x4x5xf32>) {
  // expected-error @below {{slides along static dimensions only. Received: "0i,0io->0o" with shapes (?, 4) and (3, 4, 5)}}
  %0 = cornu.convolution "0i,0io->0o" %x, %w strides [1] dilations [1] offsets [0] bases [1] : tensor<?x4xf32>, tensor<3x4x5xf32> to tensor<6x5xf32>
  return
}

// -----

func.func @pool_dims(%x: tensor<?x8x4xf32>) {
  // expected-error @below {{dims must be ascending and within the rank of x}}
  %0 = cornu.max_pool %x dims [3] sizes [2] strides [2] offsets [0] : tensor<?x8x4xf32> to tensor<?x4x4xf32>
  return
}

// -----

func.func @pool_numbers(%x: tensor<?x8x4xf32>) {
  // expected-error @below {{needs sizes, strides and offsets for each of dims. Received: 2 for 1 dims}}
  %0 = cornu.max_pool %x dims [1] sizes [2] strides [2, 2] offsets [0] : tensor<?x8x4xf32> to tensor<?x4x4xf32>
  return
}

// -----

func.func @pool_others(%x: tensor<?x8x4xf32>) {
  // expected-error @below {{keeps the extents of the other dims. Received: (?, 8, 4) to (?, 4, 5)}}
  %0 = cornu.max_pool %x dims [1] sizes [2] strides [2] offsets [0] : tensor<?x8x4xf32> to tensor<?x4x5xf32>
  return
}

// -----

func.func @pool_outside(%x: tensor<?x8x4xf32>) {
  // expected-error @below {{each with some of x in it. Received: (?, 8, 4) to (?, 5, 4), size 2, stride 2, offset 0}}
  %0 = cornu.max_pool %x dims [1] sizes [2] strides [2] offsets [0] : tensor<?x8x4xf32> to tensor<?x5x4xf32>
  return
}
