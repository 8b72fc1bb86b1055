// RUN: cornu-opt %s --cornu-gradient --canonicalize --cse | FileCheck %s

// The gradient of a contraction is two contractions.

// CHECK-LABEL: @dense
// CHECK-SAME: (%[[A:[a-z0-9]+]]: tensor<?x3xf32>, %[[B:[a-z0-9]+]]: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<?x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.einsum "bn,kn->bk" %[[C]], %[[B]] : tensor<?x4xf32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.einsum "bk,bn->kn" %[[A]], %[[C]] : tensor<?x3xf32>, tensor<?x4xf32>
// CHECK-NEXT: return %[[V0]], %[[V1]] : tensor<?x3xf32>, tensor<3x4xf32>
func.func @dense(%a: tensor<?x3xf32>, %b: tensor<3x4xf32>, %c: tensor<?x4xf32>) -> (tensor<?x3xf32>, tensor<3x4xf32>) {
  %y = cornu.einsum "bk,kn->bn" %a, %b : tensor<?x3xf32>, tensor<3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<?x4xf32>, tensor<?x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<?x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<?x3xf32>, tensor<3x4xf32>)
  return %da, %db : tensor<?x3xf32>, tensor<3x4xf32>
}

// CHECK-LABEL: @sequence
// CHECK-SAME: (%[[A:[a-z0-9]+]]: tensor<?x5x3xf32>, %[[B:[a-z0-9]+]]: tensor<3x4xf32>, %[[C:[a-z0-9]+]]: tensor<?x5x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.einsum "btn,kn->btk" %[[C]], %[[B]] : tensor<?x5x4xf32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.einsum "btk,btn->kn" %[[A]], %[[C]] : tensor<?x5x3xf32>, tensor<?x5x4xf32>
// CHECK-NEXT: return %[[V0]], %[[V1]] : tensor<?x5x3xf32>, tensor<3x4xf32>
func.func @sequence(%a: tensor<?x5x3xf32>, %b: tensor<3x4xf32>, %c: tensor<?x5x4xf32>) -> (tensor<?x5x3xf32>, tensor<3x4xf32>) {
  %y = cornu.einsum "btk,kn->btn" %a, %b : tensor<?x5x3xf32>, tensor<3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<?x5x4xf32>, tensor<?x5x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1, 2] : tensor<?x5x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<?x5x3xf32>, tensor<3x4xf32>)
  return %da, %db : tensor<?x5x3xf32>, tensor<3x4xf32>
}

// CHECK-LABEL: @batched
// CHECK-SAME: (%[[A:[a-z0-9]+]]: tensor<?x2x3xf32>, %[[B:[a-z0-9]+]]: tensor<?x3x4xf32>, %[[C:[a-z0-9]+]]: tensor<?x2x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.einsum "bik,bjk->bij" %[[C]], %[[B]] : tensor<?x2x4xf32>, tensor<?x3x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.einsum "bij,bik->bjk" %[[A]], %[[C]] : tensor<?x2x3xf32>, tensor<?x2x4xf32>
// CHECK-NEXT: return %[[V0]], %[[V1]] : tensor<?x2x3xf32>, tensor<?x3x4xf32>
func.func @batched(%a: tensor<?x2x3xf32>, %b: tensor<?x3x4xf32>, %c: tensor<?x2x4xf32>) -> (tensor<?x2x3xf32>, tensor<?x3x4xf32>) {
  %y = cornu.einsum "bij,bjk->bik" %a, %b : tensor<?x2x3xf32>, tensor<?x3x4xf32>
  %cy = cornu.multiply %y, %c : tensor<?x2x4xf32>, tensor<?x2x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1, 2] : tensor<?x2x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<?x2x3xf32>, tensor<?x3x4xf32>)
  return %da, %db : tensor<?x2x3xf32>, tensor<?x3x4xf32>
}

