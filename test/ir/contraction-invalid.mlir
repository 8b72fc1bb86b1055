// RUN: cornu-opt %s --split-input-file --verify-diagnostics

func.func @form(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) {
  // expected-error @below {{no letter twice in a term. Received: "bk,kk->bn"}}
  %0 = cornu.einsum "bk,kk->bn" %a, %b : tensor<2x3xf32>, tensor<3x4xf32>
  return
}

// -----

func.func @no_arrow(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) {
  // expected-error @below {{an einsum equation reads "terms,terms->terms", one letter a dimension, no letter twice in a term. Received: "bk,kn"}}
  %0 = cornu.einsum "bk,kn" %a, %b : tensor<2x3xf32>, tensor<3x4xf32>
  return
}

// -----

func.func @rank(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) {
  // expected-error @below {{one letter for each dimension. Received: "b,kn->bkn" with shapes (2, 3) and (3, 4)}}
  %0 = cornu.einsum "b,kn->bkn" %a, %b : tensor<2x3xf32>, tensor<3x4xf32>
  return
}

// -----

func.func @extents(%a: tensor<2x3xf32>, %b: tensor<5x4xf32>) {
  // expected-error @below {{a letter must have one extent. Received: "bk,kn->bn" with shapes (2, 3) and (5, 4), letter k}}
  %0 = cornu.einsum "bk,kn->bn" %a, %b : tensor<2x3xf32>, tensor<5x4xf32>
  return
}

// -----

func.func @lonely_letter(%a: tensor<2x3xf32>, %b: tensor<4xf32>) {
  // expected-error @below {{each letter of an operand must occur in the other operand or in the result. Received: "bk,n->bn", letter k}}
  %0 = cornu.einsum "bk,n->bn" %a, %b : tensor<2x3xf32>, tensor<4xf32>
  return
}

// -----

func.func @letter_from_nowhere(%a: tensor<2x3xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{each letter of the result must occur in an operand. Received: "bk,k->bz", letter z}}
  %0 = cornu.einsum "bk,k->bz" %a, %b : tensor<2x3xf32>, tensor<3xf32>
  return
}
