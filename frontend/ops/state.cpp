// Ops on variables.
#include "frontend/ops/emit.h"

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

Tensors gradients(const Tensor &loss, const std::vector<Variable> &variables) {
  trace::Trace &t = trace::here();
  if (loss.rank() != 0) throw UserError("gradients: the loss must be a scalar", "shape=" + shapeString(loss.shape()));
  if (variables.empty()) return {};
  llvm::SmallVector<mlir::Value> wrt;
  for (const Variable &v : variables) wrt.push_back(t.read(v));
  Tensors result;
  for (mlir::Value grad : ir::GradientOp::create(t.builder, t.location(), floating(loss), wrt).getGrads()) result.push_back(t.wrap(grad));
  return result;
}

} // namespace cornu
