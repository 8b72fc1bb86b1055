#include "ir/CornuOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"

namespace cornu::passes {
#define GEN_PASS_DEF_INFERSHAPESPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {
struct InferShapes : impl::InferShapesPassBase<InferShapes> {
  using InferShapesPassBase::InferShapesPassBase;

  void runOnOperation() override {
    if (batch < 1) {
      getOperation().emitError() << "the batch must be at least 1. Received: batch=" << batch;
      return signalPassFailure();
    }
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isDeclaration())
        specialise(function);
  }

  Type withBatch(Type type) const {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || tensor.hasStaticShape())
      return type;
    SmallVector<int64_t> shape(tensor.getShape());
    std::replace(shape.begin(), shape.end(), ShapedType::kDynamic, static_cast<int64_t>(batch));
    return tensor.clone(shape);
  }

  void specialise(func::FuncOp function) {
    Block &block = function.getBody().front();
    specialise(block);
    function.setFunctionType(FunctionType::get(function.getContext(), block.getArgumentTypes(), block.getTerminator()->getOperandTypes()));
  }

  void specialise(Block &block) {
    for (BlockArgument argument : block.getArguments())
      argument.setType(withBatch(argument.getType()));
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (auto size = dyn_cast<ir::BatchSizeOp>(op)) {
        OpBuilder b(size);
        auto value = DenseElementsAttr::get(cast<RankedTensorType>(size.getType()), static_cast<int64_t>(batch));
        size.replaceAllUsesWith(ir::ConstantOp::create(b, size.getLoc(), value).getResult());
        size.erase();
        continue;
      }
      if (auto scan = dyn_cast<ir::ScanOp>(op))
        specialise(*scan.getStep());
      // Ops that infer their type do so from operands already given a batch; for the others the batch is put into the declared type.
      auto inferring = dyn_cast<InferTypeOpInterface>(op);
      SmallVector<Type> types;
      if (!inferring || failed(inferring.inferReturnTypes(op.getContext(), op.getLoc(), op.getOperands(), op.getAttrDictionary(),
                                                          op.getPropertiesStorage(), op.getRegions(), types)))
        for (Type type : op.getResultTypes())
          types.push_back(withBatch(type));
      for (auto [result, type] : llvm::zip_equal(op.getResults(), types))
        result.setType(type);
    }
  }
};
} // namespace
} // namespace cornu::passes
