// The vocabulary of contractions: terms of letters, and the windows that digits name.
#pragma once

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Location.h"

namespace cornu::ir {

/// "ab,bc->ac": the dimensions of two operands and of the result, one character each.
struct EinsumTerms {
  llvm::StringRef a, b, y;
};

/// base · p = stride · q + dilation · k + offset, between positions p of x, q of the result and k of the kernel.
struct Window {
  int64_t stride = 1, dilation = 1, offset = 0, base = 1;
};

/// The digits of a convolution's terms name windows.
inline bool isWindow(char name) { return name >= '0' && name <= '9'; }

/// Splits an equation. Only its form is checked: letters (and digits, if there may be windows), none twice in a term.
std::optional<EinsumTerms> parseEquation(llvm::StringRef text, bool windows);

/// The extents of the result; 0 where a digit stands. Reports at `loc`, if it is given, what does not fit.
mlir::FailureOr<llvm::SmallVector<int64_t>> contractedShape(std::optional<mlir::Location> loc, llvm::StringRef text, EinsumTerms terms,
                                                            mlir::RankedTensorType a, mlir::RankedTensorType b);

} // namespace cornu::ir
