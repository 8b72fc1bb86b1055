// RUN: cornu-opt %s --cornu-sink-scatters --canonicalize --split-input-file | FileCheck %s

// A step of SGD moves only the rows that were looked up.
// CHECK-LABEL: @sgd
// CHECK-SAME: (%[[ROWS:.*]]: tensor<?x20x64xf32>, %[[IDS:.*]]: tensor<?x20xi32>, %[[RATE:.*]]: tensor<f32>, %[[W:.*]]: tensor<1000x64xf32>)
// CHECK: %[[S:.*]] = cornu.multiply %[[RATE]], %[[ROWS]] : tensor<f32>, tensor<?x20x64xf32>
// CHECK: %[[N:.*]] = cornu.negate %[[S]] : tensor<?x20x64xf32>
// CHECK: %[[U:.*]] = cornu.scatter_add %[[N]][%[[IDS]]] into %[[W]]
// CHECK: return %[[U]]
func.func @sgd(%rows: tensor<?x20x64xf32>, %ids: tensor<?x20xi32>, %rate: tensor<f32>, %w: tensor<1000x64xf32>) -> tensor<1000x64xf32> {
  %g = cornu.scatter_add %rows[%ids] : tensor<?x20x64xf32>, tensor<?x20xi32> to tensor<1000x64xf32>
  %s = cornu.multiply %rate, %g : tensor<f32>, tensor<1000x64xf32>
  %u = cornu.subtract %w, %s : tensor<1000x64xf32>, tensor<1000x64xf32>
  return %u : tensor<1000x64xf32>
}

// -----

// Divided by a table, rows are divided by its rows; what they are computed from stays a table where it is read as one.
// CHECK-LABEL: @rmsprop
// CHECK-SAME: %{{.*}}: tensor<?x20x64xf32>, %[[SQUARES:.*]]: tensor<?x20x64xf32>, %[[IDS:.*]]: tensor<?x20xi32>, %[[V:.*]]: tensor<1000x64xf32>, %[[W:.*]]: tensor<1000x64xf32>)
// CHECK: %[[M:.*]] = cornu.scatter_add %[[SQUARES]][%[[IDS]]] into %[[V]]
// CHECK: %[[R:.*]] = cornu.gather %[[M]][%[[IDS]]]
// CHECK: %[[Q:.*]] = cornu.sqrt %[[R]] : tensor<?x20x64xf32>
// CHECK: %[[D:.*]] = cornu.divide %{{.*}}, %[[Q]] : tensor<?x20x64xf32>, tensor<?x20x64xf32>
// CHECK: %[[U:.*]] = cornu.scatter_add %[[D]][%[[IDS]]] into %[[W]]
// CHECK: return %[[M]], %[[U]]
func.func @rmsprop(%rows: tensor<?x20x64xf32>, %squares: tensor<?x20x64xf32>, %ids: tensor<?x20xi32>, %v: tensor<1000x64xf32>, %w: tensor<1000x64xf32>) -> (tensor<1000x64xf32>, tensor<1000x64xf32>) {
  %q = cornu.scatter_add %squares[%ids] : tensor<?x20x64xf32>, tensor<?x20xi32> to tensor<1000x64xf32>
  %m = cornu.add %v, %q : tensor<1000x64xf32>, tensor<1000x64xf32>
  %g = cornu.scatter_add %rows[%ids] : tensor<?x20x64xf32>, tensor<?x20xi32> to tensor<1000x64xf32>
  %r = cornu.sqrt %m : tensor<1000x64xf32>
  %d = cornu.divide %g, %r : tensor<1000x64xf32>, tensor<1000x64xf32>
  %u = cornu.add %w, %d : tensor<1000x64xf32>, tensor<1000x64xf32>
  return %m, %u : tensor<1000x64xf32>, tensor<1000x64xf32>
}

// -----

// Two look-ups in one table.
// CHECK-LABEL: @shared
// CHECK: %[[A:.*]] = cornu.scatter_add %{{.*}}[%{{.*}}] into %{{.*}} : tensor<?x2x4xf32>
// CHECK: %[[B:.*]] = cornu.scatter_add %{{.*}}[%{{.*}}] into %[[A]] : tensor<?x3x4xf32>
// CHECK: return %[[B]]
func.func @shared(%a: tensor<?x2x4xf32>, %b: tensor<?x3x4xf32>, %i: tensor<?x2xi32>, %j: tensor<?x3xi32>, %w: tensor<1000x4xf32>) -> tensor<1000x4xf32> {
  %0 = cornu.scatter_add %a[%i] : tensor<?x2x4xf32>, tensor<?x2xi32> to tensor<1000x4xf32>
  %1 = cornu.scatter_add %b[%j] : tensor<?x3x4xf32>, tensor<?x3xi32> to tensor<1000x4xf32>
  %2 = cornu.add %0, %1 : tensor<1000x4xf32>, tensor<1000x4xf32>
  %3 = cornu.negate %2 : tensor<1000x4xf32>
  %4 = cornu.add %w, %3 : tensor<1000x4xf32>, tensor<1000x4xf32>
  return %4 : tensor<1000x4xf32>
}

// -----

// With more indices than rows, and where the sum is read twice, all stays.
// CHECK-LABEL: @left
// CHECK: %[[S:.*]] = cornu.scatter_add %{{.*}}[%{{.*}}] :
// CHECK: cornu.add %{{.*}}, %[[S]] : tensor<40x4xf32>
// CHECK: %[[T:.*]] = cornu.scatter_add %{{.*}}[%{{.*}}] :
// CHECK: cornu.add %{{.*}}, %[[T]] : tensor<1000x4xf32>
func.func @left(%a: tensor<?x2x4xf32>, %i: tensor<?x2xi32>, %v: tensor<40x4xf32>, %w: tensor<1000x4xf32>) -> (tensor<40x4xf32>, tensor<1000x4xf32>, tensor<1000x4xf32>) {
  %0 = cornu.scatter_add %a[%i] : tensor<?x2x4xf32>, tensor<?x2xi32> to tensor<40x4xf32>
  %1 = cornu.add %v, %0 : tensor<40x4xf32>, tensor<40x4xf32>
  %2 = cornu.scatter_add %a[%i] : tensor<?x2x4xf32>, tensor<?x2xi32> to tensor<1000x4xf32>
  %3 = cornu.add %w, %2 : tensor<1000x4xf32>, tensor<1000x4xf32>
  return %1, %2, %3 : tensor<40x4xf32>, tensor<1000x4xf32>, tensor<1000x4xf32>
}
