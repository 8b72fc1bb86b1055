// RUN: cornu-opt %s --split-input-file --verify-diagnostics

func.func @arguments(%x: tensor<?x4xf32>) {
  // expected-error @below {{needs one block argument for each input, of its type. Received: 2 arguments for 1 inputs}}
  %0 = cornu.kernel "k" %x : (tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%a: tensor<?x4xf32>, %b: tensor<?x4xf32>):
    cornu.yield %a : tensor<?x4xf32>
  }
  return
}

// -----

func.func @yield(%x: tensor<?x4xf32>) {
  // expected-error @below {{needs a cornu.yield with the types of its results at the end of its body}}
  %0 = cornu.kernel "k" %x : (tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%a: tensor<?x4xf32>):
    cornu.yield
  }
  return
}

// -----

func.func @launch(%n: i64, %x: memref<4xf32>) {
  // expected-error @below {{needs a kernel of this name in the module. Received: @nowhere}}
  cornu.launch @nowhere batch %n ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
  return
}
