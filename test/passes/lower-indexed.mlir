// RUN: cornu-opt %s --cornu-lower-to-linalg | FileCheck %s

// A table's row is given at run time: its map says 0, the attribute which operand knows better, and how many rows there are.

// CHECK-DAG: #[[$TABLE:.*]] = affine_map<(d0, d1, d2) -> (0, d2)>
// CHECK-DAG: #[[$IDS:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-DAG: #[[$ROWS:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>

// CHECK-LABEL: @gather
// CHECK: linalg.generic {indexing_maps = [#[[$TABLE]], #[[$IDS]], #[[$ROWS]]], iterator_types = ["parallel", "parallel", "parallel"]}
// CHECK-SAME: cornu.indirect = array<i64: 0, 1, 9>
func.func @gather(%x: tensor<9x4xf32>, %ids: tensor<?x3xi32>) -> tensor<?x3x4xf32> {
  %y = cornu.gather %x[%ids] : tensor<9x4xf32>, tensor<?x3xi32>
  return %y : tensor<?x3x4xf32>
}

// CHECK-LABEL: @scatter_add
// CHECK: linalg.generic {indexing_maps = [#[[$ROWS]], #[[$IDS]], #[[$TABLE]]], iterator_types = ["reduction", "reduction", "parallel"]}
// CHECK-SAME: cornu.indirect = array<i64: 2, 1, 9>
func.func @scatter_add(%x: tensor<?x3x4xf32>, %ids: tensor<?x3xi32>) -> tensor<9x4xf32> {
  %y = cornu.scatter_add %x[%ids] : tensor<?x3x4xf32>, tensor<?x3xi32> to tensor<9x4xf32>
  return %y : tensor<9x4xf32>
}
