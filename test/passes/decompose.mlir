// RUN: cornu-opt %s --cornu-decompose | FileCheck %s

// CHECK-LABEL: func.func @softmax
// CHECK: %[[M:.*]] = cornu.reduce_max %{{.*}} dims [1] keepdims
// CHECK: %[[C:.*]] = cornu.subtract %{{.*}}, %[[M]]
// CHECK: %[[E:.*]] = cornu.exp %[[C]]
// CHECK: %[[S:.*]] = cornu.reduce_sum %[[E]] dims [1] keepdims
// CHECK: %[[R:.*]] = cornu.divide %{{.*}}, %[[S]]
// CHECK: cornu.multiply %[[E]], %[[R]]
func.func @softmax(%x: tensor<?x10xf32>) -> tensor<?x10xf32> {
  %y = cornu.softmax %x dims [1] : tensor<?x10xf32>
  return %y : tensor<?x10xf32>
}

// The first index at which the maximum is reached: the least of them.
// CHECK-LABEL: func.func @argmax
// CHECK-DAG: %[[I:.*]] = cornu.iota dim 1 : tensor<?x10xi32>
// CHECK-DAG: %[[B:.*]] = cornu.constant dense<9> : tensor<i32>
// CHECK-DAG: %[[E:.*]] = cornu.compare eq
// CHECK: %[[S:.*]] = cornu.select %[[E]], %[[I]], %[[B]]
// CHECK: cornu.reduce_min %[[S]] dims [1]
func.func @argmax(%x: tensor<?x10xf32>) -> tensor<?xi32> {
  %y = cornu.argmax %x dim 1 : tensor<?x10xf32>
  return %y : tensor<?xi32>
}
