// RUN: cornu-opt %s --cornu-lower-to-linalg --split-input-file | FileCheck %s

// A broadcast is an indexing map.
// CHECK-DAG: #[[$ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[$ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: func.func @broadcast
// CHECK: linalg.generic {indexing_maps = [#[[$ID]], #[[$ROW]], #[[$ID]]], iterator_types = ["parallel", "parallel"]}
// CHECK: arith.addf
func.func @broadcast(%x: tensor<?x64xf32>, %b: tensor<64xf32>) -> tensor<?x64xf32> {
  %y = cornu.add %x, %b : tensor<?x64xf32>, tensor<64xf32>
  return %y : tensor<?x64xf32>
}

// -----

// A splat constant becomes part of the body.
// CHECK-LABEL: func.func @constant
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<?x64xf32>) outs
// CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
// CHECK: %[[C:.*]] = arith.constant 2.000000e+00 : f32
// CHECK-NEXT: arith.mulf %[[X]], %[[C]]
func.func @constant(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %c = cornu.constant dense<2.0> : tensor<f32>
  %y = cornu.multiply %x, %c : tensor<?x64xf32>, tensor<f32>
  return %y : tensor<?x64xf32>
}

// -----

// Dimensions of extent 1 have no loop.
// CHECK: affine_map<(d0) -> (d0, 0)>
// CHECK-LABEL: func.func @unit
// CHECK: iterator_types = ["parallel"]
func.func @unit(%x: tensor<?x1xf32>) -> tensor<?x1xf32> {
  %y = cornu.tanh %x : tensor<?x1xf32>
  return %y : tensor<?x1xf32>
}

// -----

// The operand that carries the innermost dimension of the result is transposed so that it can be read as vectors.
// CHECK-LABEL: func.func @small_dx
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]} ins(%{{.*}} : tensor<64x10xf32>)
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<?x10xf32>, tensor<10x64xf32>)
func.func @small_dx(%g: tensor<?x10xf32>, %w: tensor<64x10xf32>) -> tensor<?x64xf32> {
  %y = cornu.einsum "bn,kn->bk" %g, %w : tensor<?x10xf32>, tensor<64x10xf32>
  return %y : tensor<?x64xf32>
}

// -----

// A large one stays as it is.
// CHECK-LABEL: func.func @dx
// CHECK-NOT: ins(%{{.*}} : tensor<784x64xf32>)
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<?x64xf32>, tensor<784x64xf32>)
func.func @dx(%g: tensor<?x64xf32>, %w: tensor<784x64xf32>) -> tensor<?x784xf32> {
  %y = cornu.einsum "bn,kn->bk" %g, %w : tensor<?x64xf32>, tensor<784x64xf32>
  return %y : tensor<?x784xf32>
}

// -----

// Booleans lie in memory as bytes.
// CHECK-LABEL: func.func @boolean
// CHECK: arith.cmpf ogt
// CHECK: arith.extui %{{.*}} : i1 to i8
// CHECK: arith.trunci %{{.*}} : i8 to i1
func.func @boolean(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %m = cornu.compare gt %x, %y : tensor<?x4xf32>, tensor<?x4xf32>
  %z = cornu.select %m, %x, %y : tensor<?x4xi1>, tensor<?x4xf32>, tensor<?x4xf32>
  return %z : tensor<?x4xf32>
}
