// RUN: not cornu-opt %s --cornu-structure --cornu-emit-kernels --cornu-lower-to-llvm 2>&1 | FileCheck %s

// Nothing falls back to scalar library calls in silence.
// CHECK: error: cornu: there is no vector code for math.exp
func.func @half(%x: tensor<?x64xf16>) -> tensor<?x64xf16> {
  %y = cornu.exp %x : tensor<?x64xf16>
  return %y : tensor<?x64xf16>
}
