#include "ir/Expr.h"
#include "passes/Passes.h"

namespace cornu::passes {
#define GEN_PASS_DEF_DECOMPOSEPASS
#include "passes/Passes.h.inc"

using namespace mlir;
using ir::Expr;
using ir::ExprBuilder;

namespace {
struct Decompose : impl::DecomposePassBase<Decompose> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      OpBuilder builder(op);
      ExprBuilder e(builder, op->getLoc());
      Value result;
      if (auto softmax = dyn_cast<ir::SoftmaxOp>(op)) {
        Expr x = e(softmax.getX());
        Expr exps = exp(x - reduceMax(x, softmax.getDims(), true));
        result = exps / reduceSum(exps, softmax.getDims(), true);
      } else if (auto logSoftmax = dyn_cast<ir::LogSoftmaxOp>(op)) {
        Expr x = e(logSoftmax.getX());
        Expr centred = x - reduceMax(x, logSoftmax.getDims(), true);
        result = centred - log(reduceSum(exp(centred), logSoftmax.getDims(), true));
      } else if (auto argmax = dyn_cast<ir::ArgmaxOp>(op)) {
        // The least index at which the maximum is reached.
        Expr x = e(argmax.getX());
        int64_t dim = argmax.getDim();
        Type i32 = builder.getI32Type();
        auto indexType = RankedTensorType::get(x.shape(), i32);
        Expr index = e(ir::IotaOp::create(builder, op->getLoc(), indexType, dim));
        Expr beyond = e.constant(static_cast<double>(x.type().getDimSize(dim) - 1), i32);
        result = reduceMin(select(equal(x, reduceMax(x, {dim}, true)), index, beyond), {dim});
      }
      if (!result)
        return;
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
    });
  }
};
} // namespace
} // namespace cornu::passes
