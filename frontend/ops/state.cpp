// Ops on variables, and what tensors carry beside their values.
#include "frontend/ops/rows.h"
#include "mlir/IR/TypeUtilities.h"

namespace cornu {
using namespace ops;

Tensor random_uniform(const Variable &state, const Shape &shape, DType dtype) {
  trace::Trace &t = trace::here();
  mlir::Value now = t.pending(state);
  auto draw = ir::RandomUniformOp::create(t.builder, t.location(), trace::tensorType(shape, dtype), now);
  // (seed, step) becomes (seed, step + 1).
  auto pairType = trace::tensorType({2}, DType::Int64);
  auto step = ir::ConstantOp::create(t.builder, t.location(), mlir::DenseElementsAttr::get(pairType, llvm::ArrayRef<int64_t>{0, 1}));
  t.assign(state, ir::AddOp::create(t.builder, t.location(), now, step));
  return t.wrap(draw);
}

void assign(const Variable &variable, const Tensor &newValue) {
  trace::here().assign(variable, valueAs(newValue, variable.dtype()));
}

Tensor with_mask(const Tensor &x, const Tensor &mask) {
  if (mask && mask.dtype() != DType::Bool) throw UserError("with_mask: a mask must be a bool tensor", "dtype=" + std::string(nameOf(mask.dtype())));
  Tensor bare = trace::here().wrap(value(x));
  if (!mask) return bare;
  auto impl = std::make_shared<Tensor::Impl>(*bare.impl);
  impl->mask = trace::here().wrap(value(mask)).impl;
  return Tensor(impl);
}

namespace {
/// The values that a change of which would show in `result`, as far as ops have gradients.
llvm::DenseSet<mlir::Value> dependencies(mlir::Value result) {
  llvm::DenseSet<mlir::Value> seen;
  llvm::SmallVector<mlir::Value> pending = {result};
  while (!pending.empty()) {
    mlir::Value v = pending.pop_back_val();
    if (!llvm::isa<mlir::FloatType>(mlir::getElementTypeOrSelf(v.getType())) || !seen.insert(v).second) continue;
    // The body of a loop uses values from above, too.
    if (mlir::Operation *op = v.getDefiningOp(); op && !op->hasTrait<ir::NotDifferentiable>())
      op->walk([&](mlir::Operation *nested) { llvm::append_range(pending, nested->getOperands()); });
  }
  return seen;
}
/// Whether an op, or one in a loop's body, makes anything of what is `reached`.
bool matters(mlir::Operation *user, const llvm::DenseSet<mlir::Value> &reached) {
  return llvm::any_of(user->getResults(), [&](mlir::Value y) { return reached.contains(y); }) ||
         !llvm::isa<mlir::func::FuncOp>(user->getParentOp());
}

/// The look-ups in a table through which alone what is `reached` depends on it; none if it is used otherwise.
llvm::SmallVector<ir::GatherOp> lookups(mlir::Value table, const llvm::DenseSet<mlir::Value> &reached) {
  llvm::SmallVector<ir::GatherOp> found;
  for (mlir::Operation *user : table.getUsers()) {
    auto gather = llvm::dyn_cast<ir::GatherOp>(user);
    bool lookup = gather && gather->getBlock() == table.getParentBlock();
    if (lookup && reached.contains(gather.getY())) found.push_back(gather);
    else if (!lookup && matters(user, reached)) return {};
  }
  return found;
}
} // namespace

Tensors gradients(const Tensor &loss, const std::vector<Variable> &variables) {
  trace::Trace &t = trace::here();
  if (loss.rank() != 0) throw UserError("gradients: the loss must be a scalar", "shape=" + shapeString(loss.shape()));
  mlir::Value y = floating(loss);
  llvm::DenseSet<mlir::Value> reached = dependencies(y);
  // A table's gradient is the sum of those of the rows that were looked up.
  llvm::SmallVector<mlir::Value> wrt;
  std::vector<llvm::SmallVector<ir::GatherOp>> lookedUp(variables.size());
  for (size_t i = 0; i < variables.size(); ++i) {
    mlir::Value x = t.read(variables[i]);
    if (!reached.contains(x)) continue;
    lookedUp[i] = lookups(x, reached);
    if (lookedUp[i].empty()) wrt.push_back(x);
    for (ir::GatherOp gather : lookedUp[i]) wrt.push_back(gather.getY());
  }
  Tensors result(variables.size());
  if (wrt.empty()) return result;
  auto grads = ir::GradientOp::create(t.builder, t.location(), y, wrt).getGrads().begin();
  for (size_t i = 0; i < variables.size(); ++i) {
    if (!reached.contains(t.read(variables[i]))) continue;
    std::vector<Addend> addends;
    for (ir::GatherOp gather : lookedUp[i]) addends.push_back({t.wrap(*grads++), t.wrap(gather.getIndices())});
    result[i] = addends.empty() ? t.wrap(*grads++) : sumOfRows(variables[i].shape(), std::move(addends));
  }
  return result;
}

} // namespace cornu
