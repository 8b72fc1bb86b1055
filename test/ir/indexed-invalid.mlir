// RUN: cornu-opt %s --split-input-file --verify-diagnostics

func.func @rank(%table: tensor<10xf32>, %ids: tensor<?xi32>) {
  // expected-error @below {{a table has two static dimensions and at least one row, indices at least one dimension. Received: shapes (10) and (?)}}
  %0 = cornu.gather %table[%ids] : tensor<10xf32>, tensor<?xi32>
  return
}

// -----

func.func @scalar_index(%table: tensor<10x2xf32>, %ids: tensor<i32>) {
  // expected-error @below {{Received: shapes (10, 2) and ()}}
  %0 = cornu.gather %table[%ids] : tensor<10x2xf32>, tensor<i32>
  return
}

// -----

func.func @rows(%rows: tensor<?x3xf32>, %ids: tensor<?xi32>) {
  // expected-error @below {{needs a row of the table's for each index. Received: 'tensor<?x3xf32>' for 'tensor<10x2xf32>'}}
  %0 = cornu.scatter_add %rows[%ids] : tensor<?x3xf32>, tensor<?xi32> to tensor<10x2xf32>
  return
}

// -----

func.func @into(%rows: tensor<?x2xf32>, %ids: tensor<?xi32>, %table: tensor<9x2xf32>) {
  // expected-error @below {{adds to a table of the result's type. Received: 'tensor<9x2xf32>' for 'tensor<10x2xf32>'}}
  %0 = cornu.scatter_add %rows[%ids] into %table : tensor<?x2xf32>, tensor<?xi32>, tensor<9x2xf32> to tensor<10x2xf32>
  return
}
