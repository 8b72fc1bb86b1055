// The cornu dialect: its definition, its types, and the base classes that carry what ops share.
#ifndef CORNU_DIALECT_TD
#define CORNU_DIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/BuiltinTypeInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "ir/Differentiable.td"

def Cornu_Dialect : Dialect {
  let name = "cornu";
  let cppNamespace = "::cornu::ir";
  let summary = "Neural networks as dataflow over tensors";
  let description = [{
    Values are ranked tensors. The one dynamic extent, `?`, is the batch: every `?` in a function stands for the
    same number. Element-wise ops broadcast by NumPy's rule. State (weights, optimizer slots, metrics) lives in
    `cornu.variable`s, read on entry and assigned on return.
  }];
  let useDefaultAttributePrinterParser = 0;
  let hasConstantMaterializer = 1;
  let hasCanonicalizer = 1;
}

/// States that an op has no gradient by design: its results are integral, random, or constant almost everywhere.
def NotDifferentiable : NativeOpTrait<"NotDifferentiable"> {
  let cppNamespace = "::cornu::ir";
}

class Cornu_Op<string mnemonic, list<Trait> traits = []> : Op<Cornu_Dialect, mnemonic, traits>;

class Cornu_TensorOf<list<Type> elements, string what> : Type<RankedTensorOf<elements>.predicate, what, "::mlir::RankedTensorType">;
def Cornu_Tensor : Cornu_TensorOf<[F16, BF16, F32, F64, I1, I8, I32, I64], "ranked tensor of floats, i1, i8, i32 or i64">;
def Cornu_FloatTensor : Cornu_TensorOf<[F16, BF16, F32, F64], "ranked tensor of floats (f16, bf16, f32 or f64)">;
def Cornu_BoolTensor : Cornu_TensorOf<[I1], "ranked tensor of i1">;

/// Result type computed from operands and attributes by inferReturnTypes, defined beside the op's family.
defvar InferType = InferTypeOpAdaptor;
defvar Differentiable = DeclareOpInterfaceMethods<Cornu_DifferentiableOpInterface>;

#endif
