// RUN: cornu-opt %s --cornu-gradient --canonicalize --cse | FileCheck %s

// The rule of each function of two values; what was broadcast is summed.

// CHECK-LABEL: @add
// CHECK-SAME: (%{{.*}}: tensor<3x4xf32>, %{{.*}}: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.reduce_sum %[[C]] dims [0] : tensor<3x4xf32>
// CHECK-NEXT: return %[[C]], %[[V0]] : tensor<3x4xf32>, tensor<4xf32>
func.func @add(%a: tensor<3x4xf32>, %b: tensor<4xf32>, %c: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>) {
  %y = cornu.add %a, %b : tensor<3x4xf32>, tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x4xf32>, tensor<3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<3x4xf32>, tensor<4xf32>)
  return %da, %db : tensor<3x4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @subtract
// CHECK-SAME: (%{{.*}}: tensor<3x4xf32>, %{{.*}}: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.reduce_sum %[[C]] dims [0] : tensor<3x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.negate %[[V0]] : tensor<4xf32>
// CHECK-NEXT: return %[[C]], %[[V1]] : tensor<3x4xf32>, tensor<4xf32>
func.func @subtract(%a: tensor<3x4xf32>, %b: tensor<4xf32>, %c: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>) {
  %y = cornu.subtract %a, %b : tensor<3x4xf32>, tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x4xf32>, tensor<3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<3x4xf32>, tensor<4xf32>)
  return %da, %db : tensor<3x4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @multiply
// CHECK-SAME: (%[[A:[a-z0-9]+]]: tensor<3x4xf32>, %[[B:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.multiply %[[C]], %[[B]] : tensor<3x4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.multiply %[[C]], %[[A]] : tensor<3x4xf32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.reduce_sum %[[V1]] dims [0] : tensor<3x4xf32>
// CHECK-NEXT: return %[[V0]], %[[V2]] : tensor<3x4xf32>, tensor<4xf32>
func.func @multiply(%a: tensor<3x4xf32>, %b: tensor<4xf32>, %c: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>) {
  %y = cornu.multiply %a, %b : tensor<3x4xf32>, tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x4xf32>, tensor<3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<3x4xf32>, tensor<4xf32>)
  return %da, %db : tensor<3x4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @divide
// CHECK-SAME: (%[[A:[a-z0-9]+]]: tensor<3x4xf32>, %[[B:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.divide %[[A]], %[[B]] : tensor<3x4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.divide %[[C]], %[[B]] : tensor<3x4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.multiply %[[V1]], %[[V0]] : tensor<3x4xf32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cornu.negate %[[V2]] : tensor<3x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.reduce_sum %[[V3]] dims [0] : tensor<3x4xf32>
// CHECK-NEXT: return %[[V1]], %[[V4]] : tensor<3x4xf32>, tensor<4xf32>
func.func @divide(%a: tensor<3x4xf32>, %b: tensor<4xf32>, %c: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>) {
  %y = cornu.divide %a, %b : tensor<3x4xf32>, tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x4xf32>, tensor<3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<3x4xf32>, tensor<4xf32>)
  return %da, %db : tensor<3x4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @maximum
// CHECK-SAME: (%[[A:[a-z0-9]+]]: tensor<3x4xf32>, %[[B:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.compare ge %[[A]], %[[B]] : tensor<3x4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.select %[[V1]], %[[C]], %[[V0]] : tensor<3x4xi1>, tensor<3x4xf32>, tensor<f32>
// CHECK-NEXT: %[[V3:.*]] = cornu.select %[[V1]], %[[V0]], %[[C]] : tensor<3x4xi1>, tensor<f32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.reduce_sum %[[V3]] dims [0] : tensor<3x4xf32>
// CHECK-NEXT: return %[[V2]], %[[V4]] : tensor<3x4xf32>, tensor<4xf32>
func.func @maximum(%a: tensor<3x4xf32>, %b: tensor<4xf32>, %c: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>) {
  %y = cornu.maximum %a, %b : tensor<3x4xf32>, tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x4xf32>, tensor<3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<3x4xf32>, tensor<4xf32>)
  return %da, %db : tensor<3x4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @minimum
// CHECK-SAME: (%[[A:[a-z0-9]+]]: tensor<3x4xf32>, %[[B:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.compare le %[[A]], %[[B]] : tensor<3x4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.select %[[V1]], %[[C]], %[[V0]] : tensor<3x4xi1>, tensor<3x4xf32>, tensor<f32>
// CHECK-NEXT: %[[V3:.*]] = cornu.select %[[V1]], %[[V0]], %[[C]] : tensor<3x4xi1>, tensor<f32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.reduce_sum %[[V3]] dims [0] : tensor<3x4xf32>
// CHECK-NEXT: return %[[V2]], %[[V4]] : tensor<3x4xf32>, tensor<4xf32>
func.func @minimum(%a: tensor<3x4xf32>, %b: tensor<4xf32>, %c: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>) {
  %y = cornu.minimum %a, %b : tensor<3x4xf32>, tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x4xf32>, tensor<3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<3x4xf32>, tensor<4xf32>)
  return %da, %db : tensor<3x4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @power
// CHECK-SAME: (%[[A:[a-z0-9]+]]: tensor<3x4xf32>, %[[B:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.constant dense<1.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V2:.*]] = cornu.power %[[A]], %[[B]] : tensor<3x4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V3:.*]] = cornu.subtract %[[B]], %[[V1]] : tensor<4xf32>, tensor<f32>
// CHECK-NEXT: %[[V4:.*]] = cornu.power %[[A]], %[[V3]] : tensor<3x4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V5:.*]] = cornu.multiply %[[B]], %[[V4]] : tensor<4xf32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V6:.*]] = cornu.multiply %[[C]], %[[V5]] : tensor<3x4xf32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V7:.*]] = cornu.compare gt %[[A]], %[[V0]] : tensor<3x4xf32>, tensor<f32>
// CHECK-NEXT: %[[V8:.*]] = cornu.log %[[A]] : tensor<3x4xf32>
// CHECK-NEXT: %[[V9:.*]] = cornu.select %[[V7]], %[[V8]], %[[V0]] : tensor<3x4xi1>, tensor<3x4xf32>, tensor<f32>
// CHECK-NEXT: %[[V10:.*]] = cornu.multiply %[[V2]], %[[V9]] : tensor<3x4xf32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V11:.*]] = cornu.multiply %[[C]], %[[V10]] : tensor<3x4xf32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V12:.*]] = cornu.reduce_sum %[[V11]] dims [0] : tensor<3x4xf32>
// CHECK-NEXT: return %[[V6]], %[[V12]] : tensor<3x4xf32>, tensor<4xf32>
func.func @power(%a: tensor<3x4xf32>, %b: tensor<4xf32>, %c: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<4xf32>) {
  %y = cornu.power %a, %b : tensor<3x4xf32>, tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<3x4xf32>, tensor<3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<3x4xf32>, tensor<4xf32>)
  return %da, %db : tensor<3x4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @select
// CHECK-SAME: (%[[P:[a-z0-9]+]]: tensor<3x1xi1>, %{{.*}}: tensor<1x4xf32>, %{{.*}}: tensor<f32>, %[[C:[a-z0-9]+]]: tensor<3x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.select %[[P]], %[[C]], %[[V0]] : tensor<3x1xi1>, tensor<3x4xf32>, tensor<f32>
// CHECK-NEXT: %[[V2:.*]] = cornu.reduce_sum %[[V1]] dims [0] keepdims : tensor<3x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cornu.select %[[P]], %[[V0]], %[[C]] : tensor<3x1xi1>, tensor<f32>, tensor<3x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.reduce_sum %[[V3]] dims [0, 1] : tensor<3x4xf32>
// CHECK-NEXT: return %[[V2]], %[[V4]] : tensor<1x4xf32>, tensor<f32>
func.func @select(%p: tensor<3x1xi1>, %a: tensor<1x4xf32>, %b: tensor<f32>, %c: tensor<3x4xf32>) -> (tensor<1x4xf32>, tensor<f32>) {
  %y = cornu.select %p, %a, %b : tensor<3x1xi1>, tensor<1x4xf32>, tensor<f32>
  %cy = cornu.multiply %y, %c : tensor<3x4xf32>, tensor<3x4xf32>
  %loss = cornu.reduce_sum %cy dims [0, 1] : tensor<3x4xf32>
  %da, %db = cornu.gradient %loss wrt %a, %b : tensor<f32>, (tensor<1x4xf32>, tensor<f32>)
  return %da, %db : tensor<1x4xf32>, tensor<f32>
}
