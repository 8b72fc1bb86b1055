// RUN: cornu-opt %s --cornu-gradient --canonicalize --cse | FileCheck %s

// The rule of each function of one value, seen through loss = sum(c * f(x)): the cotangent of f is c.

// CHECK-LABEL: @negate
// CHECK-SAME: (%{{.*}}: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.negate %[[C]] : tensor<4xf32>
// CHECK-NEXT: return %[[V0]] : tensor<4xf32>
func.func @negate(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.negate %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @abs
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.sign %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.multiply %[[C]], %[[V0]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V1]] : tensor<4xf32>
func.func @abs(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.abs %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @exp
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.exp %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.multiply %[[C]], %[[V0]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V1]] : tensor<4xf32>
func.func @exp(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.exp %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @expm1
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<1.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.expm1 %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.add %[[V1]], %[[V0]] : tensor<4xf32>, tensor<f32>
// CHECK-NEXT: %[[V3:.*]] = cornu.multiply %[[C]], %[[V2]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V3]] : tensor<4xf32>
func.func @expm1(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.expm1 %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @log
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.divide %[[C]], %[[X]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V0]] : tensor<4xf32>
func.func @log(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.log %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @log1p
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<1.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.add %[[X]], %[[V0]] : tensor<4xf32>, tensor<f32>
// CHECK-NEXT: %[[V2:.*]] = cornu.divide %[[C]], %[[V1]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V2]] : tensor<4xf32>
func.func @log1p(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.log1p %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @sqrt
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<5.000000e-01> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.sqrt %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.multiply %[[C]], %[[V0]] : tensor<4xf32>, tensor<f32>
// CHECK-NEXT: %[[V3:.*]] = cornu.divide %[[V2]], %[[V1]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V3]] : tensor<4xf32>
func.func @sqrt(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.sqrt %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @rsqrt
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<-5.000000e-01> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.rsqrt %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.multiply %[[C]], %[[V0]] : tensor<4xf32>, tensor<f32>
// CHECK-NEXT: %[[V3:.*]] = cornu.multiply %[[V1]], %[[V1]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.multiply %[[V3]], %[[V1]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V5:.*]] = cornu.multiply %[[V2]], %[[V4]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V5]] : tensor<4xf32>
func.func @rsqrt(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.rsqrt %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @square
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<2.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.multiply %[[X]], %[[V0]] : tensor<4xf32>, tensor<f32>
// CHECK-NEXT: %[[V2:.*]] = cornu.multiply %[[C]], %[[V1]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V2]] : tensor<4xf32>
func.func @square(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.square %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @tanh
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<1.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.tanh %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.multiply %[[V1]], %[[V1]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V3:.*]] = cornu.subtract %[[V0]], %[[V2]] : tensor<f32>, tensor<4xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.multiply %[[C]], %[[V3]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V4]] : tensor<4xf32>
func.func @tanh(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.tanh %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<1.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.sigmoid %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.subtract %[[V0]], %[[V1]] : tensor<f32>, tensor<4xf32>
// CHECK-NEXT: %[[V3:.*]] = cornu.multiply %[[V1]], %[[V2]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.multiply %[[C]], %[[V3]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V4]] : tensor<4xf32>
func.func @sigmoid(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.sigmoid %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @relu
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.relu %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.compare gt %[[V1]], %[[V0]] : tensor<4xf32>, tensor<f32>
// CHECK-NEXT: %[[V3:.*]] = cornu.select %[[V2]], %[[C]], %[[V0]] : tensor<4xi1>, tensor<4xf32>, tensor<f32>
// CHECK-NEXT: return %[[V3]] : tensor<4xf32>
func.func @relu(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.relu %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @softplus
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.sigmoid %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.multiply %[[C]], %[[V0]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V1]] : tensor<4xf32>
func.func @softplus(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.softplus %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @erf
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.constant dense<1.12837923> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cornu.square %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.negate %[[V1]] : tensor<4xf32>
// CHECK-NEXT: %[[V3:.*]] = cornu.exp %[[V2]] : tensor<4xf32>
// CHECK-NEXT: %[[V4:.*]] = cornu.multiply %[[V3]], %[[V0]] : tensor<4xf32>, tensor<f32>
// CHECK-NEXT: %[[V5:.*]] = cornu.multiply %[[C]], %[[V4]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V5]] : tensor<4xf32>
func.func @erf(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.erf %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @sin
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.cos %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.multiply %[[C]], %[[V0]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return %[[V1]] : tensor<4xf32>
func.func @sin(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.sin %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @cos
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NEXT: %[[V0:.*]] = cornu.sin %[[X]] : tensor<4xf32>
// CHECK-NEXT: %[[V1:.*]] = cornu.multiply %[[C]], %[[V0]] : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: %[[V2:.*]] = cornu.negate %[[V1]] : tensor<4xf32>
// CHECK-NEXT: return %[[V2]] : tensor<4xf32>
func.func @cos(%x: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = cornu.cos %x : tensor<4xf32>
  %cy = cornu.multiply %y, %c : tensor<4xf32>, tensor<4xf32>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf32>
  %dx = cornu.gradient %loss wrt %x : tensor<f32>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}

// CHECK-LABEL: @cast
// CHECK-SAME: (%{{.*}}: tensor<4xf32>, %[[C:[a-z0-9]+]]: tensor<4xf64>
// CHECK-NEXT: %[[V0:.*]] = cornu.cast %[[C]] : tensor<4xf64> to tensor<4xf32>
// CHECK-NEXT: return %[[V0]] : tensor<4xf32>
func.func @cast(%x: tensor<4xf32>, %c: tensor<4xf64>) -> tensor<4xf32> {
  %y = cornu.cast %x : tensor<4xf32> to tensor<4xf64>
  %cy = cornu.multiply %y, %c : tensor<4xf64>, tensor<4xf64>
  %loss = cornu.reduce_sum %cy dims [0] : tensor<4xf64>
  %dx = cornu.gradient %loss wrt %x : tensor<f64>, (tensor<4xf32>)
  return %dx : tensor<4xf32>
}
