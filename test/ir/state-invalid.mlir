// RUN: cornu-opt %s --split-input-file --verify-diagnostics

// expected-error @below {{needs a static shape, as it outlives the batch. Received: (?, 4)}}
cornu.variable state @h : tensor<?x4xf32>

// -----

func.func @unknown() {
  // expected-error @below {{needs a cornu.variable of this name in the module. Received: @w}}
  %0 = cornu.read @w : tensor<4xf32>
  return
}

// -----

cornu.variable weight @w : tensor<4xf32>
func.func @read_type() {
  // expected-error @below {{needs the type of the variable, 'tensor<4xf32>'. Received: 'tensor<5xf32>'}}
  %0 = cornu.read @w : tensor<5xf32>
  return
}

// -----

cornu.variable weight @w : tensor<4xf32>
func.func @assign_type(%x: tensor<4xf64>) {
  // expected-error @below {{needs the type of the variable, 'tensor<4xf32>'. Received: 'tensor<4xf64>'}}
  cornu.assign @w, %x : tensor<4xf64>
  return
}

// -----

func.func @random_state(%s: tensor<3xi64>) {
  // expected-error @below {{needs a state of two numbers, (seed, step). Received: shape (3)}}
  %0 = cornu.random_uniform %s : tensor<3xi64> to tensor<4xf32>
  return
}

// -----

cornu.variable weight @w : tensor<4xf32>
func.func @twice(%x: tensor<4xf32>) {
  cornu.assign @w, %x : tensor<4xf32>
  // expected-error @below {{assigns a variable at most once in a function. Received: @w again}}
  cornu.assign @w, %x : tensor<4xf32>
  return
}
