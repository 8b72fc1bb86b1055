// Element-wise ops: one scalar function applied at every index, operands broadcast by NumPy's rule.
#ifndef CORNU_ELEMENTWISE_OPS_TD
#define CORNU_ELEMENTWISE_OPS_TD

include "ir/CornuDialect.td"

/// Marks the ops that form-kernels may fuse point by point.
def Cornu_Elementwise : NativeOpTrait<"Elementwise"> {
  let cppNamespace = "::cornu::ir";
}

def Cornu_Predicate : I32EnumAttr<"Predicate", "comparison", [
    I32EnumAttrCase<"eq", 0>, I32EnumAttrCase<"ne", 1>, I32EnumAttrCase<"lt", 2>,
    I32EnumAttrCase<"le", 3>, I32EnumAttrCase<"gt", 4>, I32EnumAttrCase<"ge", 5>]> {
  let cppNamespace = "::cornu::ir";
}

def Cornu_ElementwiseGroup : OpDocGroup {
  let summary = "Element-wise";
  let description = "One scalar function applied at every index. Operands of several broadcast by NumPy's rule.";
}
let opDocGroup = Cornu_ElementwiseGroup in {

class Cornu_UnaryOp<string mnemonic, string what, list<Trait> traits = [Differentiable], Type type = Cornu_FloatTensor>
    : Cornu_Op<mnemonic, !listconcat([Pure, Cornu_Elementwise, SameOperandsAndResultType], traits)> {
  let summary = what;
  let arguments = (ins type:$x);
  let results = (outs type:$y);
  let assemblyFormat = "$x attr-dict `:` type($y)";
}

def NegateOp    : Cornu_UnaryOp<"negate", "-x", [Differentiable], Cornu_Tensor> { let hasFolder = 1; }
def AbsOp       : Cornu_UnaryOp<"abs", "|x|", [Differentiable], Cornu_Tensor>;
def SignOp      : Cornu_UnaryOp<"sign", "-1, 0 or 1", [NotDifferentiable], Cornu_Tensor>;
def ExpOp       : Cornu_UnaryOp<"exp", "e^x">;
def Expm1Op     : Cornu_UnaryOp<"expm1", "e^x - 1, accurate near 0">;
def LogOp       : Cornu_UnaryOp<"log", "natural logarithm">;
def Log1pOp     : Cornu_UnaryOp<"log1p", "log(1 + x), accurate near 0">;
def SqrtOp      : Cornu_UnaryOp<"sqrt", "square root">;
def RsqrtOp     : Cornu_UnaryOp<"rsqrt", "1 / square root">;
def SquareOp    : Cornu_UnaryOp<"square", "x * x", [Differentiable], Cornu_Tensor>;
def TanhOp      : Cornu_UnaryOp<"tanh", "hyperbolic tangent">;
def SigmoidOp   : Cornu_UnaryOp<"sigmoid", "1 / (1 + e^-x)">;
def ReluOp      : Cornu_UnaryOp<"relu", "max(x, 0); derivative 0 at 0">;
def SoftplusOp  : Cornu_UnaryOp<"softplus", "log(1 + e^x), without overflow">;
def ErfOp       : Cornu_UnaryOp<"erf", "Gauss error function">;
def SinOp       : Cornu_UnaryOp<"sin", "sine">;
def CosOp       : Cornu_UnaryOp<"cos", "cosine">;
def FloorOp     : Cornu_UnaryOp<"floor", "largest integer not above x", [NotDifferentiable]>;
def CeilOp      : Cornu_UnaryOp<"ceil", "smallest integer not below x", [NotDifferentiable]>;
def RoundOp     : Cornu_UnaryOp<"round", "nearest integer, ties to even", [NotDifferentiable]>;
def LogicalNotOp : Cornu_UnaryOp<"logical_not", "true where x is false", [NotDifferentiable], Cornu_BoolTensor>;
def StopGradientOp : Cornu_UnaryOp<"stop_gradient", "x, through which no gradient flows", [NotDifferentiable], Cornu_Tensor>;

class Cornu_BinaryOp<string mnemonic, string what, list<Trait> traits = [Differentiable], Type type = Cornu_Tensor>
    : Cornu_Op<mnemonic, !listconcat([Pure, Cornu_Elementwise, SameOperandsAndResultElementType, InferType], traits)> {
  let summary = what;
  let description = [{
    ```mlir
    %y = cornu.}] # mnemonic # [{ %a, %b : tensor<?x64xf32>, tensor<64xf32>
    ```
  }];
  let arguments = (ins type:$a, type:$b);
  let results = (outs type:$y);
  let assemblyFormat = "$a `,` $b attr-dict `:` type($a) `,` type($b)";
}

def AddOp       : Cornu_BinaryOp<"add", "a + b", [Differentiable, Commutative]> { let hasFolder = 1; }
def SubtractOp  : Cornu_BinaryOp<"subtract", "a - b"> { let hasFolder = 1; }
def MultiplyOp  : Cornu_BinaryOp<"multiply", "a * b", [Differentiable, Commutative]> { let hasFolder = 1; }
def DivideOp    : Cornu_BinaryOp<"divide", "a / b", [Differentiable], Cornu_FloatTensor> { let hasFolder = 1; }
def MaximumOp   : Cornu_BinaryOp<"maximum", "the larger of a and b; the gradient of a tie goes to a">;
def MinimumOp   : Cornu_BinaryOp<"minimum", "the smaller of a and b; the gradient of a tie goes to a">;
def PowerOp     : Cornu_BinaryOp<"power", "a ^ b", [Differentiable], Cornu_FloatTensor>;
def LogicalAndOp : Cornu_BinaryOp<"logical_and", "a and b", [NotDifferentiable, Commutative], Cornu_BoolTensor>;
def LogicalOrOp : Cornu_BinaryOp<"logical_or", "a or b", [NotDifferentiable, Commutative], Cornu_BoolTensor>;

def CompareOp : Cornu_Op<"compare", [Pure, Cornu_Elementwise, InferType, NotDifferentiable]> {
  let summary = "truth of `a predicate b`; false where either is NaN (ne: true)";
  let description = [{
    ```mlir
    %m = cornu.compare gt %a, %b : tensor<?x64xf32>, tensor<f32>
    ```
  }];
  let arguments = (ins Cornu_Predicate:$predicate, Cornu_Tensor:$a, Cornu_Tensor:$b);
  let results = (outs Cornu_BoolTensor:$y);
  let assemblyFormat = "$predicate $a `,` $b attr-dict `:` type($a) `,` type($b)";
  let hasVerifier = 1;
}

def SelectOp : Cornu_Op<"select", [Pure, Cornu_Elementwise, InferType, Differentiable]> {
  let summary = "a where the condition holds, b elsewhere";
  let arguments = (ins Cornu_BoolTensor:$condition, Cornu_Tensor:$a, Cornu_Tensor:$b);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$condition `,` $a `,` $b attr-dict `:` type($condition) `,` type($a) `,` type($b)";
  let hasVerifier = 1;
}

def CastOp : Cornu_Op<"cast", [Pure, Cornu_Elementwise, Differentiable, SameOperandsAndResultShape]> {
  let summary = "the same numbers in another element type; float to int truncates, any to bool is x != 0";
  let arguments = (ins Cornu_Tensor:$x);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x) `to` type($y)";
  let hasFolder = 1;
}

} // opDocGroup

#endif
