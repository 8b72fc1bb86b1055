// Sums and maxima over windows.
#ifndef CORNU_CONVOLUTION_OPS_TD
#define CORNU_CONVOLUTION_OPS_TD

include "ir/CornuDialect.td"

def Cornu_ConvolutionGroup : OpDocGroup {
  let summary = "Convolutions and pooling";
  let description = "Contractions and maxima over windows that slide along some dimensions.";
}
let opDocGroup = Cornu_ConvolutionGroup in {

def ConvolutionOp : Cornu_Op<"convolution", [Pure, Differentiable, SameOperandsAndResultElementType]> {
  let summary = "an einsum in which windows of x slide along some dimensions";
  let description = [{
    Letters are those of an einsum. The digits 0, 1, … name windows, each a dimension of x, of w and of y. Window i ties
    position p of x, k of w and q of y by

        bases[i] · p = strides[i] · q + dilations[i] · k + offsets[i]

    and y is the sum of the products over all k for which there is such a p within x. So padding is a negative offset and a
    longer result; a window that looks backwards has a negative dilation; a base above 1 is an x with zeros between its
    elements; groups are a letter in all three terms; and the order of the letters is the layout. The relation is linear in p, k and
    q, which makes the op closed under differentiation.

    ```mlir
    // 3x3, stride 2, one row and column of zeros in front
    %y = cornu.convolution "b01i,01io->b01o" %x, %w strides [2, 2] dilations [1, 1] offsets [-1, -1] bases [1, 1]
           : tensor<?x28x28x8xf32>, tensor<3x3x8x16xf32> to tensor<?x14x14x16xf32>
    ```
  }];
  let arguments = (ins StrAttr:$equation, Cornu_FloatTensor:$x, Cornu_FloatTensor:$w, DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations,
                       DenseI64ArrayAttr:$offsets, DenseI64ArrayAttr:$bases);
  let results = (outs Cornu_FloatTensor:$y);
  let assemblyFormat = [{
    $equation $x `,` $w `strides` $strides `dilations` $dilations `offsets` $offsets `bases` $bases attr-dict
    `:` type($x) `,` type($w) `to` type($y)
  }];
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::Type":$type, "const ::llvm::Twine &":$equation, "::mlir::Value":$x, "::mlir::Value":$w,
                                 "::llvm::ArrayRef<::cornu::ir::Window>":$windows)>];
  let extraClassDeclaration = [{
    EinsumTerms getTerms();
    ::llvm::SmallVector<Window> getWindows();
  }];
}

def MaxPoolOp : Cornu_Op<"max_pool", [Pure, Differentiable, SameOperandsAndResultElementType]> {
  let summary = "the maximum of each window; the first of several gets the gradient";
  let description = [{
    Element q of the result along dims[i] is the maximum of x from strides[i] · q + offsets[i] on, over sizes[i] elements,
    those outside of x left out.

    ```mlir
    %y = cornu.max_pool %x dims [1, 2] sizes [2, 2] strides [2, 2] offsets [0, 0] : tensor<?x28x28x8xf32> to tensor<?x14x14x8xf32>
    ```
  }];
  let arguments = (ins Cornu_FloatTensor:$x, DenseI64ArrayAttr:$dims, DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$offsets);
  let results = (outs Cornu_FloatTensor:$y);
  let assemblyFormat = [{
    $x `dims` $dims `sizes` $sizes `strides` $strides `offsets` $offsets attr-dict `:` type($x) `to` type($y)
  }];
  let hasVerifier = 1;
}

} // opDocGroup

#endif
