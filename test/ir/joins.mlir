// RUN: cornu-opt --split-input-file --canonicalize %s | FileCheck %s

// What the gradient of four slices is: one concatenation.
// CHECK-LABEL: @side_by_side
// CHECK-SAME: (%[[A:.*]]: tensor<?x2xf32>, %[[B:.*]]: tensor<?x3xf32>, %[[C:.*]]: tensor<?x1xf32>)
// CHECK-NEXT: %[[Y:.*]] = cornu.concatenate %[[A]], %[[B]], %[[C]] dim 1
// CHECK-NEXT: return %[[Y]]
func.func @side_by_side(%a: tensor<?x2xf32>, %b: tensor<?x3xf32>, %c: tensor<?x1xf32>) -> tensor<?x6xf32> {
  %0 = cornu.pad %c dim 1 low 5 high 0 : tensor<?x1xf32>
  %1 = cornu.pad %b dim 1 low 2 high 1 : tensor<?x3xf32>
  %2 = cornu.add %0, %1 : tensor<?x6xf32>, tensor<?x6xf32>
  %3 = cornu.pad %a dim 1 low 0 high 4 : tensor<?x2xf32>
  %4 = cornu.add %2, %3 : tensor<?x6xf32>, tensor<?x6xf32>
  return %4 : tensor<?x6xf32>
}

// -----

// CHECK-LABEL: @apart_or_over
// CHECK-NOT: cornu.concatenate
func.func @apart_or_over(%a: tensor<?x2xf32>, %b: tensor<?x2xf32>) -> (tensor<?x6xf32>, tensor<?x6xf32>) {
  %0 = cornu.pad %a dim 1 low 0 high 4 : tensor<?x2xf32>
  %1 = cornu.pad %b dim 1 low 3 high 1 : tensor<?x2xf32>
  %2 = cornu.add %0, %1 : tensor<?x6xf32>, tensor<?x6xf32>
  %3 = cornu.pad %a dim 1 low 1 high 3 : tensor<?x2xf32>
  %4 = cornu.pad %b dim 1 low 2 high 2 : tensor<?x2xf32>
  %5 = cornu.add %3, %4 : tensor<?x6xf32>, tensor<?x6xf32>
  return %2, %5 : tensor<?x6xf32>, tensor<?x6xf32>
}
