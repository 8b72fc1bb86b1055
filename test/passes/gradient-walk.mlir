// RUN: cornu-opt %s --cornu-gradient --canonicalize --cse | FileCheck %s

// A value used twice sums what flows back.
// CHECK-LABEL: @fan_out
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<f32>
// CHECK-NEXT: %[[V0:.*]] = cornu.exp %[[X]] : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.cos %[[X]] : tensor<f32>
// CHECK-NEXT: %[[V2:.*]] = cornu.add %[[V1]], %[[V0]] : tensor<f32>, tensor<f32>
// CHECK-NEXT: return %[[V2]] : tensor<f32>
func.func @fan_out(%x: tensor<f32>) -> tensor<f32> {
  %e = cornu.exp %x : tensor<f32>
  %s = cornu.sin %x : tensor<f32>
  %loss = cornu.add %e, %s : tensor<f32>, tensor<f32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<f32>)
  return %dx : tensor<f32>
}

// One value as both operands.
// CHECK-LABEL: @twice_in_one_op
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<f32>
// CHECK-NEXT: %[[V0:.*]] = cornu.add %[[X]], %[[X]] : tensor<f32>, tensor<f32>
// CHECK-NEXT: return %[[V0]] : tensor<f32>
func.func @twice_in_one_op(%x: tensor<f32>) -> tensor<f32> {
  %loss = cornu.multiply %x, %x : tensor<f32>, tensor<f32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<f32>)
  return %dx : tensor<f32>
}

// What the loss does not depend on gets zeros, whatever its shape.
// CHECK-LABEL: @independent
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.broadcast_to %[[V0]] : tensor<f32> to tensor<?x4xf32>
// CHECK-NEXT: return %[[V1]] : tensor<?x4xf32>
func.func @independent(%x: tensor<?x4xf32>, %y: tensor<f32>) -> tensor<?x4xf32> {
  %loss = cornu.exp %y : tensor<f32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<?x4xf32>)
  return %dx : tensor<?x4xf32>
}

// The loss with respect to itself.
// CHECK-LABEL: @identity
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<1.000000e+00> : tensor<f32>
// CHECK-NEXT: return %[[V0]] : tensor<f32>
func.func @identity(%loss: tensor<f32>) -> tensor<f32> {
  %d = cornu.gradient %loss wrt %loss : tensor<f32>, (tensor<f32>)
  return %d : tensor<f32>
}

// CHECK-LABEL: @stop_gradient
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<f32>
// CHECK-NEXT: %[[V0:.*]] = cornu.exp %[[X]] : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.stop_gradient %[[V0]] : tensor<f32>
// CHECK-NEXT: return %[[V1]] : tensor<f32>
func.func @stop_gradient(%x: tensor<f32>) -> tensor<f32> {
  %e = cornu.exp %x : tensor<f32>
  %s = cornu.stop_gradient %e : tensor<f32>
  %loss = cornu.multiply %x, %s : tensor<f32>, tensor<f32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<f32>)
  return %dx : tensor<f32>
}

// Nothing flows through integers, though a cast leads back to a float.
// CHECK-LABEL: @through_integers
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<f32>
// CHECK-NEXT: %[[V0:.*]] = cornu.cast %[[X]] : tensor<f32> to tensor<i32>
// CHECK-NEXT: %[[V1:.*]] = cornu.cast %[[V0]] : tensor<i32> to tensor<f32>
// CHECK-NEXT: return %[[V1]] : tensor<f32>
func.func @through_integers(%x: tensor<f32>) -> tensor<f32> {
  %i = cornu.cast %x : tensor<f32> to tensor<i32>
  %f = cornu.cast %i : tensor<i32> to tensor<f32>
  %loss = cornu.multiply %f, %x : tensor<f32>, tensor<f32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<f32>)
  return %dx : tensor<f32>
}

// Only the ops between w and the loss have a part: none of the derivative of tanh is here.
// CHECK-LABEL: @pruned
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.tanh %[[X]] : tensor<4xf32>
// CHECK-NEXT: return %[[V0]] : tensor<4xf32>
func.func @pruned(%x: tensor<4xf32>, %w: tensor<4xf32>) -> tensor<4xf32> {
  %t = cornu.tanh %x : tensor<4xf32>
  %y = cornu.multiply %t, %w : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %y dims [0] : tensor<4xf32>
  %dw = cornu.gradient %loss wrt %w : tensor<f32>, (tensor<4xf32>)
  return %dw : tensor<4xf32>
}

// An intermediate value may be asked for, together with what it is made of.
// CHECK-LABEL: @intermediate
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<f32>
// CHECK-NEXT: %[[V0:.*]] = cornu.exp %[[X]] : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.cos %[[V0]] : tensor<f32>
// CHECK-NEXT: %[[V2:.*]] = cornu.multiply %[[V1]], %[[V0]] : tensor<f32>, tensor<f32>
// CHECK-NEXT: return %[[V1]], %[[V2]] : tensor<f32>, tensor<f32>
func.func @intermediate(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %e = cornu.exp %x : tensor<f32>
  %loss = cornu.sin %e : tensor<f32>
  %de, %dx = cornu.gradient %loss wrt %e, %x : tensor<f32>, (tensor<f32>, tensor<f32>)
  return %de, %dx : tensor<f32>, tensor<f32>
}

// A gradient of a gradient: (sin x)'' = -sin x.
// CHECK-LABEL: @second
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<f32>
// CHECK-NEXT: %[[V0:.*]] = cornu.sin %[[X]] : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.negate %[[V0]] : tensor<f32>
// CHECK-NEXT: return %[[V1]] : tensor<f32>
func.func @second(%x: tensor<f32>) -> tensor<f32> {
  %y = cornu.sin %x : tensor<f32>
  %dx = cornu.gradient %y wrt %x : tensor<f32>, (tensor<f32>)
  %ddx = cornu.gradient %dx wrt %x : tensor<f32>, (tensor<f32>)
  return %ddx : tensor<f32>
}

// Two losses in one function.
// CHECK-LABEL: @several
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<f32>
// CHECK-NEXT: %[[V0:.*]] = cornu.exp %[[X]] : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.cos %[[X]] : tensor<f32>
// CHECK-NEXT: return %[[V1]], %[[V0]] : tensor<f32>, tensor<f32>
func.func @several(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %a = cornu.sin %x : tensor<f32>
  %b = cornu.exp %x : tensor<f32>
  %da = cornu.gradient %a wrt %x : tensor<f32>, (tensor<f32>)
  %db = cornu.gradient %b wrt %x : tensor<f32>, (tensor<f32>)
  return %da, %db : tensor<f32>, tensor<f32>
}
