#include "passes/gradient/Backward.h"

#include "ir/Expr.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace cornu::passes {
using namespace mlir;
using namespace cornu::ir;

bool isFloating(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && isa<FloatType>(type.getElementType());
}

/// What the results of an op are computed from.
static SmallVector<Value> inputsOf(Operation *op) {
  SmallVector<Value> inputs(op->getOperands());
  if (auto scan = dyn_cast<ScanOp>(op))
    llvm::append_range(inputs, scan.getCaptured());
  return inputs;
}

void Backward::findPath(llvm::iterator_range<Block::iterator> ops, ArrayRef<Value> from, ArrayRef<Value> to) {
  varied = {from.begin(), from.end()};
  useful = {to.begin(), to.end()};
  path.clear();
  std::vector<std::pair<Operation *, SmallVector<Value>>> forward;
  for (Operation &candidate : ops) {
    if (candidate.hasTrait<NotDifferentiable>())
      continue;
    SmallVector<Value> inputs = inputsOf(&candidate);
    if (!llvm::any_of(inputs, [&](Value v) { return varied.contains(v); }))
      continue;
    for (Value result : candidate.getResults())
      if (isFloating(result))
        varied.insert(result);
    forward.emplace_back(&candidate, std::move(inputs));
  }
  for (auto &[candidate, inputs] : llvm::reverse(forward)) {
    if (!llvm::any_of(candidate->getResults(), [&](Value v) { return useful.contains(v) && isFloating(v); }))
      continue;
    path.push_back(candidate);
    useful.insert(inputs.begin(), inputs.end());
  }
  std::reverse(path.begin(), path.end());
}

LogicalResult Backward::run() {
  for (Operation *forward : llvm::reverse(path))
    if (failed(visit(forward)))
      return failure();
  return success();
}

LogicalResult Backward::visit(Operation *forward) {
  SmallVector<Value> out;
  for (Value result : forward->getResults())
    out.push_back(cotangents.lookup(result));
  if (llvm::none_of(out, [](Value v) { return static_cast<bool>(v); }))
    return success(); // every path to the loss passed through an op without flow
  if (auto scan = dyn_cast<ScanOp>(forward))
    return differentiateScan(scan, *this);
  auto rule = dyn_cast<DifferentiableOpInterface>(forward);
  if (!rule)
    return forward->emitOpError("has no gradient rule, but leads from a differentiated value to the loss. "
                                "Give it a buildVjp, mark it NotDifferentiable, or put cornu.stop_gradient before it");
  SmallVector<Value> in(forward->getNumOperands());
  rule.buildVjp(builder, out, in); // its ops take the location of the forward op, so that kernels are named after layers
  for (auto [operand, grad] : llvm::zip(forward->getOperands(), in))
    if (grad)
      flowInto(operand, grad);
  return success();
}

void Backward::flowInto(Value value, Value grad) {
  if (!varied.contains(value))
    return;
  assert(value.getType() == grad.getType() && "a cotangent has the type of its value");
  Value &slot = cotangents[value];
  if (!slot) {
    slot = grad;
    return;
  }
  ExprBuilder e(builder, grad.getLoc());
  slot = e(slot) + e(grad);
}

Value Backward::cotangentOrZeros(Value value) {
  if (Value grad = cotangents.lookup(value))
    return grad;
  auto type = cast<RankedTensorType>(value.getType());
  ExprBuilder e(builder, value.getLoc());
  return broadcastTo(e.constant(0.0, type.getElementType()), type.getShape());
}

void Backward::replace(Value value, Value by) {
  if (varied.erase(value))
    varied.insert(by);
  if (useful.erase(value))
    useful.insert(by);
  Value grad = cotangents.lookup(value);
  cotangents.erase(value);
  if (grad)
    cotangents[by] = grad;
}

void eraseDeadOps(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

} // namespace cornu::passes
