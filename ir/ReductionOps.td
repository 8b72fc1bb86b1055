// Reductions over some dimensions, and the composites built on them.
#ifndef CORNU_REDUCTION_OPS_TD
#define CORNU_REDUCTION_OPS_TD

include "ir/CornuDialect.td"

def Cornu_ReductionGroup : OpDocGroup {
  let summary = "Reductions";
  let description = "Values computed from all elements along some dimensions.";
}
let opDocGroup = Cornu_ReductionGroup in {

class Cornu_ReduceOp<string mnemonic, string what, list<Trait> traits = [Differentiable]>
    : Cornu_Op<mnemonic, !listconcat([Pure, InferType, SameOperandsAndResultElementType], traits)> {
  let summary = what;
  let description = [{
    ```mlir
    %s = cornu.}] # mnemonic # [{ %x dims [0, 1] : tensor<?x64xf32>
    ```
    With `keepdims` the reduced dimensions stay, with extent 1.
  }];
  let arguments = (ins Cornu_Tensor:$x, DenseI64ArrayAttr:$dims, UnitAttr:$keepdims);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$x `dims` $dims (`keepdims` $keepdims^)? attr-dict `:` type($x)";
}

def ReduceSumOp  : Cornu_ReduceOp<"reduce_sum", "sum over dims">;
def ReduceMaxOp  : Cornu_ReduceOp<"reduce_max", "maximum over dims; ties share the gradient equally">;
def ReduceMinOp  : Cornu_ReduceOp<"reduce_min", "minimum over dims; ties share the gradient equally">;

def ArgmaxOp : Cornu_Op<"argmax", [Pure, InferType, NotDifferentiable]> {
  let summary = "index (i32) of the first maximum along a dimension, which is dropped";
  let arguments = (ins Cornu_Tensor:$x, I64Attr:$dim);
  let results = (outs RankedTensorOf<[I32]>:$y);
  let assemblyFormat = "$x `dim` $dim attr-dict `:` type($x)";
}

class Cornu_SoftmaxLikeOp<string mnemonic, string what>
    : Cornu_Op<mnemonic, [Pure, SameOperandsAndResultType, Differentiable]> {
  let summary = what;
  let arguments = (ins Cornu_FloatTensor:$x, DenseI64ArrayAttr:$dims);
  let results = (outs Cornu_FloatTensor:$y);
  let assemblyFormat = "$x `dims` $dims attr-dict `:` type($y)";
  let hasVerifier = 1;
}

def SoftmaxOp    : Cornu_SoftmaxLikeOp<"softmax", "exp(x - max) / sum(exp(x - max)) over dims">;
def LogSoftmaxOp : Cornu_SoftmaxLikeOp<"log_softmax", "x - max - log(sum(exp(x - max))) over dims">;

} // opDocGroup

#endif
