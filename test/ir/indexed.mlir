// RUN: cornu-opt %s | cornu-opt | FileCheck %s

// CHECK-LABEL: @rows
func.func @rows(%table: tensor<1000x64xf32>, %ids: tensor<?x20xi32>) -> tensor<1000x64xf32> {
  // CHECK: %[[Y:.*]] = cornu.gather %{{.*}}[%{{.*}}] : tensor<1000x64xf32>, tensor<?x20xi32>
  %y = cornu.gather %table[%ids] : tensor<1000x64xf32>, tensor<?x20xi32>
  // CHECK: cornu.scatter_add %[[Y]][%{{.*}}] : tensor<?x20x64xf32>, tensor<?x20xi32> to tensor<1000x64xf32>
  %t = cornu.scatter_add %y[%ids] : tensor<?x20x64xf32>, tensor<?x20xi32> to tensor<1000x64xf32>
  // CHECK: cornu.scatter_add %[[Y]][%{{.*}}] into %{{.*}} : tensor<?x20x64xf32>, tensor<?x20xi32>, tensor<1000x64xf32> to tensor<1000x64xf32>
  %u = cornu.scatter_add %y[%ids] into %t : tensor<?x20x64xf32>, tensor<?x20xi32>, tensor<1000x64xf32> to tensor<1000x64xf32>
  return %u : tensor<1000x64xf32>
}
