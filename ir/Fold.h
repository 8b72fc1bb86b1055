// Constant folding of splats: what scalar constants in formulas need, and no more.
#pragma once

#include <functional>

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"

namespace cornu::ir {

using FloatFold = std::function<mlir::APFloat(mlir::APFloat, mlir::APFloat)>;
using IntFold = std::function<mlir::APInt(mlir::APInt, mlir::APInt)>;

/// Is `value` a constant with `number` everywhere?
bool isSplat(mlir::Attribute value, int64_t number);

/// f(a, b) for two splats; null if one is unknown, `type` is dynamic, or the function for its element type is empty.
mlir::OpFoldResult foldSplats(mlir::Attribute a, mlir::Attribute b, mlir::RankedTensorType type, FloatFold onFloats, IntFold onInts);

mlir::OpFoldResult foldSplat(mlir::Attribute x, mlir::RankedTensorType type, std::function<mlir::APFloat(mlir::APFloat)> onFloats,
                             std::function<mlir::APInt(mlir::APInt)> onInts);

/// The splat `x` converted to the element type of `type`.
mlir::OpFoldResult foldCast(mlir::Attribute x, mlir::RankedTensorType type);

/// The splat `x` under the shape of `type`.
mlir::OpFoldResult foldSplatToShape(mlir::Attribute x, mlir::RankedTensorType type);

} // namespace cornu::ir
