// RUN: cornu-opt %s --cornu-cut-scans --split-input-file | FileCheck %s

// 24 steps of 16 KB for 32 rows: blocks of 24 of the 48. What only makes the projection goes with it; what is the same in each step stays outside.
// CHECK-LABEL: @projection
// CHECK-SAME: (%[[XS:.*]]: tensor<?x48x32xf32>, %[[SCALE:.*]]: tensor<?x1x32xf32>, %[[W:.*]]: tensor<32x128xf32>, %[[MASK:.*]]: tensor<?x48xi1>, %[[H0:.*]]: tensor<?x128xf32>)
func.func @projection(%xs: tensor<?x48x32xf32>, %scale: tensor<?x1x32xf32>, %w: tensor<32x128xf32>, %mask: tensor<?x48xi1>, %h0: tensor<?x128xf32>) -> (tensor<?x128xf32>, tensor<?x48x128xf32>) {
  // CHECK-DAG: %[[XB:.*]] = cornu.reshape %[[XS]] : tensor<?x48x32xf32> to tensor<?x2x24x32xf32>
  // CHECK-DAG: %[[MB:.*]] = cornu.reshape %[[MASK]] : tensor<?x48xi1> to tensor<?x2x24xi1>
  // CHECK: %[[ALL:.*]]:2 = cornu.scan init(%[[H0]]) over(%[[MB]], %[[XB]]) axis 1 length 2 reverse
  // CHECK-NEXT: ^bb0(%[[H:.*]]: tensor<?x128xf32>, %[[M:.*]]: tensor<?x24xi1>, %[[X:.*]]: tensor<?x24x32xf32>):
  // CHECK-NEXT: %[[SCALED:.*]] = cornu.multiply %[[X]], %[[SCALE]] : tensor<?x24x32xf32>, tensor<?x1x32xf32>
  // CHECK-NEXT: %[[P:.*]] = cornu.einsum "btk,kn->btn" %[[SCALED]], %[[W]] : tensor<?x24x32xf32>, tensor<32x128xf32>
  // CHECK-NEXT: %[[PART:.*]]:2 = cornu.scan init(%[[H]]) over(%[[P]], %[[M]]) axis 1 length 24 reverse
  // CHECK: cornu.yield %[[PART]]#0, %[[PART]]#1
  // CHECK: cornu.reshape %[[ALL]]#1 : tensor<?x2x24x128xf32> to tensor<?x48x128xf32>
  %scaled = cornu.multiply %xs, %scale : tensor<?x48x32xf32>, tensor<?x1x32xf32>
  %ps = cornu.einsum "btk,kn->btn" %scaled, %w : tensor<?x48x32xf32>, tensor<32x128xf32>
  %h, %all = cornu.scan init(%h0) over(%ps, %mask) axis 1 length 48 reverse : (tensor<?x128xf32>, tensor<?x48x128xf32>, tensor<?x48xi1>) -> (tensor<?x128xf32>, tensor<?x48x128xf32>) {
  ^bb0(%h: tensor<?x128xf32>, %p: tensor<?x128xf32>, %m: tensor<?xi1>):
    %z = cornu.add %h, %p : tensor<?x128xf32>, tensor<?x128xf32>
    %wide = cornu.reshape %m : tensor<?xi1> to tensor<?x1xi1>
    %next = cornu.select %wide, %z, %h : tensor<?x1xi1>, tensor<?x128xf32>, tensor<?x128xf32>
    cornu.yield %next, %next : tensor<?x128xf32>, tensor<?x128xf32>
  }
  return %h, %all : tensor<?x128xf32>, tensor<?x48x128xf32>
}

// -----

// Rows of a table are looked up block by block, too, but not those that hold all steps.
// CHECK-LABEL: @rows
// CHECK-SAME: (%[[TABLE:.*]]: tensor<90x32xf32>, %[[IDS:.*]]: tensor<?x48xi32>
// CHECK: %[[LONG:.*]] = cornu.gather
// CHECK-DAG: %[[I:.*]] = cornu.reshape %[[IDS]] : tensor<?x48xi32> to tensor<?x2x24xi32>
// CHECK-DAG: %[[L:.*]] = cornu.reshape %[[LONG]] : tensor<?x48xf32> to tensor<?x2x24xf32>
// CHECK: cornu.scan {{.*}} over({{.*}}) axis 1 length 2
// CHECK-NOT: cornu.scan
// CHECK: cornu.gather %[[TABLE]][%{{.*}}] : tensor<90x32xf32>, tensor<?x24xi32>
// CHECK-NOT: cornu.gather
// CHECK: cornu.scan {{.*}} axis 1 length 24
func.func @rows(%table: tensor<90x32xf32>, %ids: tensor<?x48xi32>, %lines: tensor<9x48xf32>, %which: tensor<?xi32>, %w: tensor<32x128xf32>, %h0: tensor<?x128xf32>) -> tensor<?x128xf32> {
  %short = cornu.gather %table[%ids] : tensor<90x32xf32>, tensor<?x48xi32>
  %long = cornu.gather %lines[%which] : tensor<9x48xf32>, tensor<?xi32>
  %ps = cornu.einsum "btk,kn->btn" %short, %w : tensor<?x48x32xf32>, tensor<32x128xf32>
  %qs = cornu.einsum "bt,bn->btn" %long, %h0 : tensor<?x48xf32>, tensor<?x128xf32>
  %sum = cornu.add %ps, %qs : tensor<?x48x128xf32>, tensor<?x48x128xf32>
  %h = cornu.scan init(%h0) over(%sum) axis 1 length 48 : (tensor<?x128xf32>, tensor<?x48x128xf32>) -> tensor<?x128xf32> {
  ^bb0(%h: tensor<?x128xf32>, %p: tensor<?x128xf32>):
    %z = cornu.add %h, %p : tensor<?x128xf32>, tensor<?x128xf32>
    cornu.yield %z : tensor<?x128xf32>
  }
  return %h : tensor<?x128xf32>
}

// -----

// Others read it, too.
// CHECK-LABEL: @shared
// CHECK: cornu.scan {{.*}} length 48
func.func @shared(%xs: tensor<?x48x32xf32>, %w: tensor<32x128xf32>, %h0: tensor<?x128xf32>) -> (tensor<?x128xf32>, tensor<?x48x128xf32>) {
  %ps = cornu.einsum "btk,kn->btn" %xs, %w : tensor<?x48x32xf32>, tensor<32x128xf32>
  %h = cornu.scan init(%h0) over(%ps) axis 1 length 48 : (tensor<?x128xf32>, tensor<?x48x128xf32>) -> tensor<?x128xf32> {
  ^bb0(%h: tensor<?x128xf32>, %p: tensor<?x128xf32>):
    %z = cornu.add %h, %p : tensor<?x128xf32>, tensor<?x128xf32>
    cornu.yield %z : tensor<?x128xf32>
  }
  return %h, %ps : tensor<?x128xf32>, tensor<?x48x128xf32>
}

// -----

// Small enough to stay in the cache; of a length that has no fitting divisor; and one whose time stands elsewhere in what it is made of.
// CHECK-LABEL: @whole
// CHECK: cornu.scan {{.*}} length 16
// CHECK: cornu.scan {{.*}} length 47
// CHECK: cornu.scan {{.*}} length 48
func.func @whole(%xs: tensor<?x16x32xf32>, %ys: tensor<?x47x32xf32>, %zs: tensor<?x48x128xf32>, %a: tensor<48x48xf32>, %w: tensor<32x128xf32>, %h0: tensor<?x128xf32>) -> (tensor<?x128xf32>, tensor<?x128xf32>, tensor<?x128xf32>) {
  %ps = cornu.einsum "btk,kn->btn" %xs, %w : tensor<?x16x32xf32>, tensor<32x128xf32>
  %h = cornu.scan init(%h0) over(%ps) axis 1 length 16 : (tensor<?x128xf32>, tensor<?x16x128xf32>) -> tensor<?x128xf32> {
  ^bb0(%s: tensor<?x128xf32>, %p: tensor<?x128xf32>):
    %z = cornu.add %s, %p : tensor<?x128xf32>, tensor<?x128xf32>
    cornu.yield %z : tensor<?x128xf32>
  }
  %qs = cornu.einsum "btk,kn->btn" %ys, %w : tensor<?x47x32xf32>, tensor<32x128xf32>
  %g = cornu.scan init(%h0) over(%qs) axis 1 length 47 : (tensor<?x128xf32>, tensor<?x47x128xf32>) -> tensor<?x128xf32> {
  ^bb0(%s: tensor<?x128xf32>, %p: tensor<?x128xf32>):
    %z = cornu.add %s, %p : tensor<?x128xf32>, tensor<?x128xf32>
    cornu.yield %z : tensor<?x128xf32>
  }
  %rs = cornu.einsum "bsk,ts->btk" %zs, %a : tensor<?x48x128xf32>, tensor<48x48xf32>
  %f = cornu.scan init(%h0) over(%rs) axis 1 length 48 : (tensor<?x128xf32>, tensor<?x48x128xf32>) -> tensor<?x128xf32> {
  ^bb0(%s: tensor<?x128xf32>, %p: tensor<?x128xf32>):
    %z = cornu.add %s, %p : tensor<?x128xf32>, tensor<?x128xf32>
    cornu.yield %z : tensor<?x128xf32>
  }
  return %h, %g, %f : tensor<?x128xf32>, tensor<?x128xf32>, tensor<?x128xf32>
}
