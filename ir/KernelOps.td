// Kernels: what form-kernels groups, the memory planner binds to buffers, and the emitters turn into loops.
#ifndef CORNU_KERNEL_OPS_TD
#define CORNU_KERNEL_OPS_TD

include "ir/CornuDialect.td"

def Cornu_KernelGroup : OpDocGroup {
  let summary = "Kernels";
  let description = "What form-kernels groups, the memory planner binds to buffers, and the emitters turn into loops.";
}
let opDocGroup = Cornu_KernelGroup in {

def KernelOp : Cornu_Op<"kernel", [IsolatedFromAbove, Pure, SingleBlock]> {
  let summary = "linalg ops that become one kernel";
  let description = [{
    The body is a block of `linalg.generic`s over its arguments, one per input, ending in `cornu.yield`. Its name is made of the layer
    and the ops within, and becomes the symbol of the compiled function.
  }];
  let arguments = (ins StrAttr:$name, Variadic<AnyRankedTensor>:$inputs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name $inputs attr-dict `:` functional-type($inputs, $results) $body";
  let hasVerifier = 1;
}

def YieldOp : Cornu_Op<"yield", [Pure, Terminator, ParentOneOf<["KernelOp", "ScanOp"]>]> {
  let summary = "results of a kernel, or of a step of a scan";
  let arguments = (ins Variadic<AnyRankedTensor>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def LaunchOp : Cornu_Op<"launch", [DeclareOpInterfaceMethods<SymbolUserOpInterface>, AttrSizedOperandSegments]> {
  let summary = "runs a kernel function on memory; an output may be an input where the kernel updates in place";
  let description = [{
    The pointers are of the kernel's inputs, then of its outputs; the kernel function says in its `cornu.layouts` how each is laid out.
    Within a loop, `turn` counts how often it has run before. A kernel that computes each row of the batch by itself may say in `rows` how many bytes lie
    between rows of what each pointer is of, or 0 for what all rows share.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, I64:$batch, Optional<I64>:$turn, Variadic<AnyType>:$inputs, Variadic<AnyType>:$outputs,
                       OptionalAttr<DenseI64ArrayAttr>:$rows);
  let assemblyFormat = [{
    $kernel `batch` $batch (`turn` $turn^)? (`rows` $rows^)? (`ins` `(` $inputs^ `:` type($inputs) `)`)? (`outs` `(` $outputs^ `:` type($outputs) `)`)? attr-dict
  }];
}

def DynamicExtentOp : Cornu_Op<"batch", [Pure]> {
  let summary = "the batch as an index, where tensors have become structured ops";
  let results = (outs Index:$n);
  let assemblyFormat = "attr-dict";
}

} // opDocGroup

#endif
