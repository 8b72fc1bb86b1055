// The reference interpreter: evaluates cornu functions tensor by tensor, plainly. It is the oracle the compiler is tested against, not a way to run models.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "runtime/array.h"

namespace cornu::interpreter {

/// Values of the module's variables by name.
using State = std::map<std::string, Array, std::less<>>;

/// Evaluates `function` (one block of cornu ops, already differentiated) on `inputs`, each in its own element type: f32 in f32, f64 in f64.
/// `?` is taken from the inputs; a function without dynamic inputs that needs it gets `batch`. Reads see `state` as it was on entry; assigns are written
/// to it on return. Throws UserError when an input or a variable has not the declared shape or type, or an op cannot be evaluated.
std::vector<Array> run(mlir::func::FuncOp function, std::span<const Array> inputs, State &state, int64_t batch = -1);

/// For functions that use no variables.
std::vector<Array> run(mlir::func::FuncOp function, std::span<const Array> inputs);

} // namespace cornu::interpreter
