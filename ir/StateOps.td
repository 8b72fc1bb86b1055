// Variables, and the gradient as an op.
#ifndef CORNU_STATE_OPS_TD
#define CORNU_STATE_OPS_TD

include "ir/CornuDialect.td"

def Cornu_Role : I32EnumAttr<"Role", "what a variable is for", [
    I32EnumAttrCase<"weight", 0>,      // a trainable layer weight
    I32EnumAttrCase<"state", 1>,       // a layer's own state: moving averages, frozen weights
    I32EnumAttrCase<"optimizer", 2>,   // slots, iteration, learning rate
    I32EnumAttrCase<"metric", 3>,      // totals and counts
    I32EnumAttrCase<"random", 4>]> {   // (seed, step)
  let cppNamespace = "::cornu::ir";
}

def Cornu_StateGroup : OpDocGroup {
  let summary = "State and gradients";
  let description = "Variables of the module, and the gradient before it is differentiated.";
}
let opDocGroup = Cornu_StateGroup in {

def VariableOp : Cornu_Op<"variable", [Symbol]> {
  let summary = "declares named state of the module";
  let description = [{
    ```mlir
    cornu.variable weight @"dense/kernel" : tensor<784x64xf32>
    ```
  }];
  let arguments = (ins Cornu_Role:$role, SymbolNameAttr:$sym_name, TypeAttrOf<Cornu_Tensor>:$type);
  let assemblyFormat = "$role $sym_name attr-dict `:` $type";
  let hasVerifier = 1;
}

def ReadOp : Cornu_Op<"read", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a variable on entry of the function";
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$variable attr-dict `:` type($y)";
}

def AssignOp : Cornu_Op<"assign", [DeclareOpInterfaceMethods<SymbolUserOpInterface>, MemoryEffects<[MemWrite]>]> {
  let summary = "the value of a variable on return of the function; at most once a variable";
  let arguments = (ins FlatSymbolRefAttr:$variable, Cornu_Tensor:$value);
  let assemblyFormat = "$variable `,` $value attr-dict `:` type($value)";
}

def GradientOp : Cornu_Op<"gradient", [Pure, InferType]> {
  let summary = "derivatives of a scalar with respect to other values of the same block";
  let description = [{
    Replaced by `cornu-gradient` with the ops of the backward pass. A value on which the loss does not depend gets zeros.

    ```mlir
    %dw, %db = cornu.gradient %loss wrt %w, %b : tensor<f32>, (tensor<784x64xf32>, tensor<64xf32>)
    ```
  }];
  let arguments = (ins 0DTensorOf<[F16, BF16, F32, F64]>:$loss, Variadic<Cornu_FloatTensor>:$wrt);
  let results = (outs Variadic<Cornu_FloatTensor>:$grads);
  let assemblyFormat = "$loss `wrt` $wrt attr-dict `:` type($loss) `,` `(` type($wrt) `)`";
}

} // opDocGroup

#endif
