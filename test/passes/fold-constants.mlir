// RUN: cornu-opt %s --cornu-fold-constants --canonicalize | FileCheck %s

// What follows from constants alone is one.
// CHECK-LABEL: func.func @chain
// CHECK-NEXT: %[[C:.*]] = cornu.constant dense<[2.000000e+00, 4.000000e+00]> : tensor<2xf32>
// CHECK-NEXT: cornu.multiply %arg0, %[[C]]
func.func @chain(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %v = cornu.constant dense<[1.0, 9.0]> : tensor<2xf32>
  %one = cornu.constant dense<1.0> : tensor<f32>
  %s = cornu.sqrt %v : tensor<2xf32>
  %a = cornu.add %s, %one : tensor<2xf32>, tensor<f32>
  %y = cornu.multiply %x, %a : tensor<?x2xf32>, tensor<2xf32>
  return %y : tensor<?x2xf32>
}

// Comparisons, too: elements of one bit.
// CHECK-LABEL: func.func @bits
// CHECK-NEXT: cornu.constant dense<[true, false, false]> : tensor<3xi1>
func.func @bits() -> tensor<3xi1> {
  %v = cornu.constant dense<[1.0, 9.0, 3.0]> : tensor<3xf32>
  %w = cornu.constant dense<[2.0, 8.0, 3.0]> : tensor<3xf32>
  %y = cornu.compare lt %v, %w : tensor<3xf32>, tensor<3xf32>
  return %y : tensor<3xi1>
}

// A small constant does not become a large one.
// CHECK-LABEL: func.func @large
// CHECK: cornu.add
func.func @large() -> tensor<64x64xf32> {
  %v = cornu.constant dense<[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 23.0, 24.0, 25.0, 26.0, 27.0, 28.0, 29.0, 30.0, 31.0, 32.0, 33.0, 34.0, 35.0, 36.0, 37.0, 38.0, 39.0, 40.0, 41.0, 42.0, 43.0, 44.0, 45.0, 46.0, 47.0, 48.0, 49.0, 50.0, 51.0, 52.0, 53.0, 54.0, 55.0, 56.0, 57.0, 58.0, 59.0, 60.0, 61.0, 62.0, 63.0]> : tensor<64xf32>
  %w = cornu.reshape %v : tensor<64xf32> to tensor<64x1xf32>
  %y = cornu.add %v, %w : tensor<64xf32>, tensor<64x1xf32>
  return %y : tensor<64x64xf32>
}

// Weights are not constants.
// CHECK-LABEL: func.func @weights
// CHECK: cornu.sqrt
cornu.variable weight @w : tensor<2xf32>
func.func @weights() -> tensor<2xf32> {
  %v = cornu.read @w : tensor<2xf32>
  %s = cornu.sqrt %v : tensor<2xf32>
  return %s : tensor<2xf32>
}
