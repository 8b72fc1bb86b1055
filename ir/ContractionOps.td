// Contractions: sums of products over shared indices.
#ifndef CORNU_CONTRACTION_OPS_TD
#define CORNU_CONTRACTION_OPS_TD

include "ir/CornuDialect.td"

def Cornu_ContractionGroup : OpDocGroup {
  let summary = "Contractions";
  let description = "Sums of products over shared indices.";
}
let opDocGroup = Cornu_ContractionGroup in {

def EinsumOp : Cornu_Op<"einsum", [Pure, InferType, Differentiable, SameOperandsAndResultElementType]> {
  let summary = "sum of products of two tensors, indices as letters";
  let description = [{
    One letter a dimension. A letter in the result is kept, a letter in the operands alone is summed. Each letter of
    an operand occurs in the other operand or in the result, and only once in each term.

    ```mlir
    %y = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x784xf32>, tensor<784x64xf32>
    ```
  }];
  let arguments = (ins StrAttr:$equation, Cornu_Tensor:$a, Cornu_Tensor:$b);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$equation $a `,` $b attr-dict `:` type($a) `,` type($b)";
  let extraClassDeclaration = "EinsumTerms getTerms();";
  let hasFolder = 1;
}

} // opDocGroup

#endif
