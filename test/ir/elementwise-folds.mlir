// RUN: cornu-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @neutral_elements
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>)
func.func @neutral_elements(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %zero = cornu.constant dense<0.0> : tensor<f32>
  %one = cornu.constant dense<1.0> : tensor<4xf32>
  %0 = cornu.add %x, %zero : tensor<?x4xf32>, tensor<f32>
  %1 = cornu.multiply %one, %0 : tensor<4xf32>, tensor<?x4xf32>
  %2 = cornu.subtract %1, %zero : tensor<?x4xf32>, tensor<f32>
  %3 = cornu.divide %2, %one : tensor<?x4xf32>, tensor<4xf32>
  %4 = cornu.negate %3 : tensor<?x4xf32>
  %5 = cornu.negate %4 : tensor<?x4xf32>
  %6 = cornu.cast %5 : tensor<?x4xf32> to tensor<?x4xf32>
  // CHECK-NEXT: return %[[X]]
  return %6 : tensor<?x4xf32>
}

// A neutral element that changes the shape is not neutral.
// CHECK-LABEL: @zeros_that_broadcast
func.func @zeros_that_broadcast(%x: tensor<4xf32>) -> tensor<2x4xf32> {
  %zeros = cornu.constant dense<0.0> : tensor<2x1xf32>
  // CHECK: cornu.add
  %0 = cornu.add %x, %zeros : tensor<4xf32>, tensor<2x1xf32>
  return %0 : tensor<2x4xf32>
}

// CHECK-LABEL: @scalars
func.func @scalars() -> (tensor<f32>, tensor<3xi32>) {
  %a = cornu.constant dense<3.0> : tensor<f32>
  %b = cornu.constant dense<4.0> : tensor<f32>
  %c = cornu.constant dense<-2.5> : tensor<3xf64>
  %0 = cornu.add %a, %b : tensor<f32>, tensor<f32>
  %1 = cornu.multiply %0, %b : tensor<f32>, tensor<f32>
  %2 = cornu.divide %1, %a : tensor<f32>, tensor<f32>
  %3 = cornu.subtract %2, %a : tensor<f32>, tensor<f32>
  // CHECK-DAG: dense<6.333333{{.*}}> : tensor<f32>
  // CHECK-DAG: dense<-2> : tensor<3xi32>
  %4 = cornu.cast %c : tensor<3xf64> to tensor<3xi32>
  return %3, %4 : tensor<f32>, tensor<3xi32>
}
