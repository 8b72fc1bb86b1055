// The op interface with the gradient rule.
#ifndef CORNU_DIFFERENTIABLE_TD
#define CORNU_DIFFERENTIABLE_TD

include "mlir/IR/OpBase.td"

def Cornu_DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::cornu::ir";
  let description = [{
    An op whose reverse-mode derivative is known. The rule builds, from the cotangents of the results, the
    cotangents of the operands out of other cornu ops.
  }];
  let methods = [InterfaceMethod<[{
      Builds the cotangents of the operands. `cotangents` has one value per result (null where nothing flows back);
      `grads` has one slot per operand, to be left null where there is no gradient (an integer operand, say).
    }],
    "void", "buildVjp",
    (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$cotangents,
         "::llvm::MutableArrayRef<::mlir::Value>":$grads)>];
}

#endif
