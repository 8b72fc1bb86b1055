// cornu-gradient: reverse-mode differentiation, one walk for each cornu.gradient.
#include "ir/Expr.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "passes/Passes.h"

namespace cornu::passes {
#define GEN_PASS_DEF_GRADIENTPASS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace cornu::ir;

namespace {

bool isFloating(Value v) {
  auto type = dyn_cast<RankedTensorType>(v.getType());
  return type && isa<FloatType>(type.getElementType());
}

/// The backward pass of one cornu.gradient.
class Backward {
public:
  explicit Backward(GradientOp op) : op(op), builder(op) {}

  LogicalResult run() {
    std::vector<Operation *> path = opsFromWrtToLoss();
    flowInto(op.getLoss(), ExprBuilder(builder, op.getLoc()).constant(1.0, op.getLoss().getType().getElementType()));
    for (Operation *forward : llvm::reverse(path))
      if (failed(visit(forward)))
        return failure();
    for (auto [wrt, grad] : llvm::zip(op.getWrt(), op.getGrads()))
      grad.replaceAllUsesWith(cotangentOrZeros(wrt));
    op.erase();
    return success();
  }

private:
  /// The ops of the block through which a change of a `wrt` reaches the loss, in program order. Everything else has no part in the derivative.
  std::vector<Operation *> opsFromWrtToLoss() {
    llvm::DenseSet<Value> varied(op.getWrt().begin(), op.getWrt().end());
    std::vector<Operation *> forward;
    for (Operation &candidate : llvm::make_range(op->getBlock()->begin(), op->getIterator())) {
      if (!llvm::any_of(candidate.getOperands(), [&](Value v) { return varied.contains(v); }) || candidate.hasTrait<NotDifferentiable>())
        continue;
      forward.push_back(&candidate);
      for (Value result : candidate.getResults())
        if (isFloating(result))
          varied.insert(result);
    }
    llvm::DenseSet<Value> useful{op.getLoss()};
    std::vector<Operation *> path;
    for (Operation *candidate : llvm::reverse(forward)) {
      if (!llvm::any_of(candidate->getResults(), [&](Value v) { return useful.contains(v) && isFloating(v); }))
        continue;
      path.push_back(candidate);
      useful.insert(candidate->operand_begin(), candidate->operand_end());
    }
    std::reverse(path.begin(), path.end());
    variedValues = std::move(varied);
    return path;
  }

  LogicalResult visit(Operation *forward) {
    SmallVector<Value> out;
    for (Value result : forward->getResults())
      out.push_back(cotangents.lookup(result));
    if (llvm::none_of(out, [](Value v) { return static_cast<bool>(v); }))
      return success(); // every path to the loss passed through an op without flow
    auto rule = dyn_cast<DifferentiableOpInterface>(forward);
    if (!rule)
      return forward->emitOpError("has no gradient rule, but leads from a differentiated value to the loss. "
                                  "Give it a buildVjp, mark it NotDifferentiable, or put cornu.stop_gradient before it");
    SmallVector<Value> in(forward->getNumOperands());
    rule.buildVjp(builder, out, in); // its ops take the location of the forward op, so that kernels are named after layers
    for (auto [operand, grad] : llvm::zip(forward->getOperands(), in))
      if (grad && variedValues.contains(operand))
        flowInto(operand, grad);
    return success();
  }

  /// Adds to the cotangent of `value`: where a value fans out, its cotangents sum.
  void flowInto(Value value, Value grad) {
    assert(value.getType() == grad.getType() && "a cotangent has the type of its value");
    Value &slot = cotangents[value];
    if (!slot) {
      slot = grad;
      return;
    }
    ExprBuilder e(builder, grad.getLoc());
    slot = e(slot) + e(grad);
  }

  Value cotangentOrZeros(Value wrt) {
    if (Value grad = cotangents.lookup(wrt))
      return grad;
    auto type = cast<RankedTensorType>(wrt.getType());
    ExprBuilder e(builder, op.getLoc());
    return broadcastTo(e.constant(0.0, type.getElementType()), type.getShape());
  }

  GradientOp op;
  OpBuilder builder;
  llvm::DenseSet<Value> variedValues;
  llvm::DenseMap<Value, Value> cotangents;
};

/// Rules build the cotangents of all operands; those nobody asked for go.
void eraseDeadOps(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

struct GradientPass : impl::GradientPassBase<GradientPass> {
  void runOnOperation() override {
    SmallVector<GradientOp> ops;
    getOperation().walk([&](GradientOp op) { ops.push_back(op); }); // in program order: a second derivative sees the first one's ops
    for (GradientOp op : ops)
      if (Block *block = op->getBlock(); succeeded(Backward(op).run()))
        eraseDeadOps(*block);
      else
        return signalPassFailure();
  }
};

} // namespace
} // namespace cornu::passes
