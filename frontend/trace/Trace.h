// A trace: the module and the function that ops are being emitted into. Internal: knows MLIR.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "frontend/core/tensor_impl.h"
#include "ir/CornuOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace cornu::trace {

/// The process's MLIR context, with every dialect Cornu uses.
mlir::MLIRContext &context();

mlir::Type elementType(DType dtype);
DType dtypeOf(mlir::Type elementType);
mlir::RankedTensorType tensorType(const Shape &shape, DType dtype);
Shape shapeOf(mlir::Type tensor);

/// What a function's argument or result is called and what it holds.
struct Slot {
  std::string name;
  Shape shape;
  DType dtype;
};

/// Builds one module. Functions are built one after the other; variables are declared as they are first read or assigned. While it
/// lives it is the thread's current trace; traces nest.
class Trace {
public:
  Trace();
  ~Trace();
  Trace(const Trace &) = delete;

  /// Starts a function; its arguments as tensors.
  Tensors begin(const std::string &name, const std::vector<Slot> &arguments, bool training);
  /// Writes the assignments, returns `results` and ends the function.
  void end(const Tensors &results, const std::vector<std::string> &names);

  /// The value of a variable on entry.
  mlir::Value read(const Variable &variable);
  /// The value it will have on return if nothing else assigns: for states that several ops of a function advance in turn.
  mlir::Value pending(const Variable &variable);
  void assign(const Variable &variable, mlir::Value value);
  bool assigned(const Variable &variable) const { return bodies.back().assignments.contains(variable.id()); }

  /// A variable that a step of a loop advances: its value before the loop, and after one step.
  struct Advanced {
    Variable variable;
    mlir::Value before, next;
  };
  /// Emits a step of a loop into `block`, whose first `carried` arguments are carried values; more follow them for each variable that the step
  /// assigns, and these are returned. Tensors made within cannot be used after it.
  std::vector<Advanced> step(mlir::Block *block, unsigned carried, const std::function<void()> &emit);

  Tensor wrap(mlir::Value value) const;
  /// The SSA value of a tensor. A number takes `type`, or its own type without one.
  mlir::Value value(const Tensor &tensor, mlir::Type type = {});

  mlir::Location location();
  mlir::ModuleOp module() { return *owned; }
  mlir::OwningOpRef<mlir::ModuleOp> take() { return std::move(owned); }
  /// Variables of the module, in the order of their declarations.
  const std::vector<Variable> &variables() const { return declared; }

  mlir::OpBuilder builder;
  bool training = false;
  /// The size that every batch has, where that is known.
  std::optional<int64_t> batch;
  /// Names of the layers being called, outermost first.
  std::vector<std::string> scopes;
  std::vector<BaseLayer *> callers;
  /// Added by add_loss and activity regularizers since begin().
  Tensors losses;
  /// Added by add_metric since begin().
  struct LayerMetric {
    const BaseLayer *layer;
    std::string name;
    Tensor value;
  };
  std::vector<LayerMetric> metrics;

  static Trace *current();

private:
  /// The function's body, or a step of a loop within it.
  struct Body {
    uint64_t number = 0; ///< tensors made in it carry it
    mlir::Block *step = nullptr;
    unsigned carried = 0;
    std::map<const void *, Advanced> assignments;
    std::vector<const void *> order; ///< of first assignment
  };

  mlir::SymbolRefAttr symbolOf(const Variable &variable);
  mlir::Value pendingIn(size_t depth, const Variable &variable);

  mlir::OwningOpRef<mlir::ModuleOp> owned;
  mlir::func::FuncOp function;
  mlir::Operation *lastRead = nullptr;
  std::vector<Variable> declared;
  std::map<const void *, std::string> symbols;
  std::set<std::string> taken;
  std::map<const void *, mlir::Value> reads;
  std::vector<Body> bodies = std::vector<Body>(1); ///< outermost first
  Trace *outer;
};

/// The current trace; UserError outside of one.
Trace &here();

/// Ops emitted while it lives carry this name as their location.
struct Scope {
  explicit Scope(std::string name) { here().scopes.push_back(std::move(name)); }
  ~Scope() { Trace::current()->scopes.pop_back(); }
};

} // namespace cornu::trace
