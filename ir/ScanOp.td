// The loop: a step repeated along an axis.
#ifndef CORNU_SCAN_OP_TD
#define CORNU_SCAN_OP_TD

include "ir/CornuDialect.td"

def Cornu_ControlGroup : OpDocGroup {
  let summary = "Loops";
  let description = "A step repeated along an axis, with state carried from one to the next.";
}
let opDocGroup = Cornu_ControlGroup in {

def ScanOp : Cornu_Op<"scan", [SingleBlock, RecursiveMemoryEffects, RecursivelySpeculatable, AttrSizedOperandSegments]> {
  let summary = "a step repeated along an axis of its sequences";
  let description = [{
    The body runs `length` times, with the carried values and one slice of each sequence as arguments; slices lack `axis`. It yields
    the carried values of the next step, then outputs. Results are the last carried values, then the outputs of all steps stacked
    along `axis`. With `reverse` steps run from the last slice to the first; outputs keep the place of their slice. Values from above may be
    used in the body. The axis stands behind the batch, so that a step is a strided view of memory.

    ```mlir
    %last, %all = cornu.scan init(%h0) over(%xs) axis 1 length 20 : (tensor<?x64xf32>, tensor<?x20x64xf32>) -> (tensor<?x64xf32>, tensor<?x20x64xf32>) {
    ^bb0(%h: tensor<?x64xf32>, %x: tensor<?x64xf32>):
      %u = cornu.einsum "bk,kn->bn" %h, %w : tensor<?x64xf32>, tensor<64x64xf32>
      %z = cornu.add %x, %u : tensor<?x64xf32>, tensor<?x64xf32>
      %next = cornu.tanh %z : tensor<?x64xf32>
      cornu.yield %next, %next : tensor<?x64xf32>, tensor<?x64xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<Cornu_Tensor>:$inits, Variadic<Cornu_Tensor>:$sequences, ConfinedAttr<I64Attr, [IntNonNegative]>:$axis,
                       ConfinedAttr<I64Attr, [IntPositive]>:$length, UnitAttr:$reverse);
  let results = (outs Variadic<Cornu_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `init` `(` $inits `)` `over` `(` $sequences `)` `axis` $axis `length` $length (`reverse` $reverse^)? attr-dict
    `:` functional-type(operands, results) $body
  }];
  let builders = [
    /// Arguments of the body are made, results follow from what it yields: call `finish` then.
    OpBuilder<(ins "::mlir::ValueRange":$inits, "::mlir::ValueRange":$sequences, "::mlir::TypeRange":$outputs, "int64_t":$axis, "int64_t":$length,
                   "bool":$reverse)>
  ];
  let extraClassDeclaration = [{
    /// `slice` repeated `length` times along `axis`, and the reverse.
    static ::mlir::RankedTensorType stackedType(::mlir::Type slice, int64_t axis, int64_t length);
    static ::mlir::RankedTensorType sliceType(::mlir::Type stacked, int64_t axis);

    ::mlir::Block *getStep() { return &getBody().front(); }
    YieldOp getYield();
    /// Arguments of the body.
    ::mlir::Block::BlockArgListType getCarried() { return getStep()->getArguments().take_front(getInits().size()); }
    ::mlir::Block::BlockArgListType getSlices() { return getStep()->getArguments().drop_front(getInits().size()); }
    /// What the body yields.
    ::mlir::OperandRange getNext();
    ::mlir::OperandRange getOutputs();
    /// Results.
    ::mlir::ResultRange getFinals() { return getResults().take_front(getInits().size()); }
    ::mlir::ResultRange getStacked() { return getResults().drop_front(getInits().size()); }
    /// Values from above that the body uses, in the order of their first use.
    ::llvm::SetVector<::mlir::Value> getCaptured();
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

} // opDocGroup

#endif
