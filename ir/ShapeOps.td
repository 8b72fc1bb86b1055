// Constants and ops that move or rename elements without computing.
#ifndef CORNU_SHAPE_OPS_TD
#define CORNU_SHAPE_OPS_TD

include "ir/CornuDialect.td"

def Cornu_ShapeGroup : OpDocGroup {
  let summary = "Constants and shapes";
  let description = "Tensors known or counted out, and ops that move elements without computing.";
}
let opDocGroup = Cornu_ShapeGroup in {

def ConstantOp : Cornu_Op<"constant", [Pure, ConstantLike, InferType, NotDifferentiable]> {
  let summary = "a tensor known at compile time";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$value attr-dict";
  let hasFolder = 1;
}

def BatchSizeOp : Cornu_Op<"batch_size", [Pure, NotDifferentiable]> {
  let summary = "the number that `?` stands for, as a scalar";
  let results = (outs 0DTensorOf<[I64]>:$y);
  let assemblyFormat = "attr-dict `:` type($y)";
}

def IotaOp : Cornu_Op<"iota", [Pure, NotDifferentiable]> {
  let summary = "each element is its own index along a dimension";
  let arguments = (ins I64Attr:$dim);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "`dim` $dim attr-dict `:` type($y)";
  let hasVerifier = 1;
}

def BroadcastToOp : Cornu_Op<"broadcast_to", [Pure, Differentiable, SameOperandsAndResultElementType]> {
  let summary = "x repeated along new leading dimensions and those of extent 1";
  let arguments = (ins Cornu_Tensor:$x);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x) `to` type($y)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def ReshapeOp : Cornu_Op<"reshape", [Pure, Differentiable, SameOperandsAndResultElementType]> {
  let summary = "the same elements in row-major order under another shape; the batch stays a dimension of its own";
  let arguments = (ins Cornu_Tensor:$x);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x) `to` type($y)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def TransposeOp : Cornu_Op<"transpose", [Pure, InferType, Differentiable, SameOperandsAndResultElementType]> {
  let summary = "dimension i of the result is dimension perm[i] of x";
  let arguments = (ins Cornu_Tensor:$x, DenseI64ArrayAttr:$perm);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$x `perm` $perm attr-dict `:` type($x)";
  let hasFolder = 1;
}

def ConcatenateOp : Cornu_Op<"concatenate", [Pure, InferType, Differentiable, SameOperandsAndResultElementType]> {
  let summary = "operands one after the other along a dimension (not the batch)";
  let arguments = (ins Variadic<Cornu_Tensor>:$xs, I64Attr:$dim);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$xs `dim` $dim attr-dict `:` type($xs)";
}

def SliceOp : Cornu_Op<"slice", [Pure, InferType, Differentiable, SameOperandsAndResultElementType]> {
  let summary = "elements start, start + step, … < limit along a dimension (not the batch)";
  let arguments = (ins Cornu_Tensor:$x, I64Attr:$dim, I64Attr:$start, I64Attr:$limit, DefaultValuedAttr<I64Attr, "1">:$step);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$x `dim` $dim ` ` `[` $start `:` $limit (`:` $step^)? `]` attr-dict `:` type($x)";
  let hasFolder = 1;
}

def ReverseOp : Cornu_Op<"reverse", [Pure, SameOperandsAndResultType, Differentiable]> {
  let summary = "elements from the last to the first along a dimension (not the batch)";
  let arguments = (ins Cornu_Tensor:$x, I64Attr:$dim);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$x `dim` $dim attr-dict `:` type($x)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def PadOp : Cornu_Op<"pad", [Pure, InferType, Differentiable, SameOperandsAndResultElementType]> {
  let summary = "a number (0) before and after along a dimension (not the batch)";
  let arguments = (ins Cornu_Tensor:$x, I64Attr:$dim, I64Attr:$low, I64Attr:$high, DefaultValuedAttr<F64Attr, "0.0">:$value);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$x `dim` $dim `low` $low `high` $high (`value` $value^)? attr-dict `:` type($x)";
  let hasFolder = 1;
}

} // opDocGroup

#endif
