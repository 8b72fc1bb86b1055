// RUN: cornu-opt %s --split-input-file --verify-diagnostics

func.func @shapes(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) {
  // expected-error @below {{operands must broadcast: extents equal, or one of them 1 (? is the batch). Received: shapes (2, 3) and (2, 4)}}
  %0 = cornu.add %a, %b : tensor<2x3xf32>, tensor<2x4xf32>
  return
}

// -----

// The batch is a number of its own: it may not be 4 by chance.
func.func @batch_against_extent(%a: tensor<?x3xf32>, %b: tensor<4x3xf32>) {
  // expected-error @below {{Received: shapes (?, 3) and (4, 3)}}
  %0 = cornu.multiply %a, %b : tensor<?x3xf32>, tensor<4x3xf32>
  return
}

// -----

func.func @select_shapes(%c: tensor<2xi1>, %a: tensor<3xf32>, %b: tensor<f32>) {
  // expected-error @below {{Received: shapes (2) and (3) and ()}}
  %0 = cornu.select %c, %a, %b : tensor<2xi1>, tensor<3xf32>, tensor<f32>
  return
}

// -----

func.func @element_types(%a: tensor<2xf32>, %b: tensor<2xf64>) {
  // expected-error @below {{requires the same element type for all operands and results}}
  %0 = cornu.add %a, %b : tensor<2xf32>, tensor<2xf64>
  return
}

// -----

func.func @compare_element_types(%a: tensor<2xf32>, %b: tensor<2xi32>) {
  // expected-error @below {{needs a and b of one element type. Received: 'f32' and 'i32'}}
  %0 = cornu.compare eq %a, %b : tensor<2xf32>, tensor<2xi32>
  return
}

// -----

func.func @integer_exp(%a: tensor<2xi32>) {
  // expected-error @below {{must be ranked tensor of floats (f16, bf16, f32 or f64), but got 'tensor<2xi32>'}}
  %0 = cornu.exp %a : tensor<2xi32>
  return
}
