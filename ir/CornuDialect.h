// The cornu dialect and the traits its ops share.
#pragma once

#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"

namespace cornu::ir {

/// Begins a diagnostic about what a program may say but no code can be made of: the program's fault, not the compiler's.
inline constexpr llvm::StringLiteral notSupported = "not supported: ";

/// No gradient by design: results are integral, random, or constant almost everywhere.
template <typename ConcreteOp>
class NotDifferentiable : public mlir::OpTrait::TraitBase<ConcreteOp, NotDifferentiable> {};

/// One scalar function applied at every index; operands broadcast by NumPy's rule.
template <typename ConcreteOp>
class Elementwise : public mlir::OpTrait::TraitBase<ConcreteOp, Elementwise> {};

} // namespace cornu::ir

#include "ir/CornuDialect.h.inc"
