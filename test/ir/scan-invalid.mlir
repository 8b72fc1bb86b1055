// RUN: cornu-opt --split-input-file --verify-diagnostics %s

func.func @length(%xs: tensor<?x5x4xf32>) {
  // expected-error @+1 {{'cornu.scan' op needs sequences with extent 6 along axis 1. Received: (?, 5, 4)}}
  cornu.scan init() over(%xs) axis 1 length 6 : (tensor<?x5x4xf32>) -> () {
  ^bb0(%x: tensor<?x4xf32>):
    cornu.yield
  }
  return
}

// -----

func.func @axis_before_batch(%xs: tensor<5x?x4xf32>) {
  // expected-error @+1 {{'cornu.scan' op needs its axis behind the batch. Received: axis 0 of (5, ?, 4)}}
  cornu.scan init() over(%xs) axis 0 length 5 : (tensor<5x?x4xf32>) -> () {
  ^bb0(%x: tensor<?x4xf32>):
    cornu.yield
  }
  return
}

// -----

func.func @finals(%h0: tensor<?x4xf32>) {
  // expected-error @+1 {{'cornu.scan' op needs a result for each carried value. Received: 0 results for 1}}
  cornu.scan init(%h0) over() axis 1 length 5 : (tensor<?x4xf32>) -> () {
  ^bb0(%h: tensor<?x4xf32>):
    cornu.yield %h : tensor<?x4xf32>
  }
  return
}

// -----

func.func @final_type(%h0: tensor<?x4xf32>) {
  // expected-error @+1 {{'cornu.scan' op needs the last carried values to have the types of the first}}
  %h = cornu.scan init(%h0) over() axis 1 length 5 : (tensor<?x4xf32>) -> tensor<?x5xf32> {
  ^bb0(%h: tensor<?x4xf32>):
    cornu.yield %h : tensor<?x4xf32>
  }
  return
}

// -----

func.func @arguments(%xs: tensor<?x5x4xf32>) {
  // expected-error @+1 {{needs a body with arguments for the carried values, then for slices, (tensor<?x4xf32>). Received: (tensor<?x5xf32>)}}
  cornu.scan init() over(%xs) axis 1 length 5 : (tensor<?x5x4xf32>) -> () {
  ^bb0(%x: tensor<?x5xf32>):
    cornu.yield
  }
  return
}

// -----

func.func @yield(%h0: tensor<?x4xf32>) {
  %h = cornu.scan init(%h0) over() axis 1 length 5 : (tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%h: tensor<?x4xf32>):
    // expected-error @+1 {{'cornu.yield' op needs the next carried values, then outputs, (tensor<?x4xf32>). Received: ()}}
    cornu.yield
  }
  return
}

// -----

cornu.variable state @v : tensor<4xf32>
func.func @assign(%h0: tensor<4xf32>) {
  %h = cornu.scan init(%h0) over() axis 0 length 5 : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%h: tensor<4xf32>):
    // expected-error @+1 {{'cornu.assign' op cannot stand in a cornu.scan: carry the value, and assign the last one}}
    cornu.assign @v, %h : tensor<4xf32>
    cornu.yield %h : tensor<4xf32>
  }
  return
}
