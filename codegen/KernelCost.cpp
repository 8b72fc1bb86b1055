#include "codegen/KernelCost.h"

#include "codegen/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

/// Adds `each` for every element of a grid, of which `?` is the batch.
void addTo(Cost &cost, ArrayRef<int64_t> extents, double each) {
  unsigned power = 0;
  for (int64_t extent : extents)
    ShapedType::isDynamic(extent) ? void(++power) : void(each *= static_cast<double>(extent));
  // A third loop over the batch, in products of matrices of pairs, counts as one over as many as is usual.
  for (; power > 2; --power)
    each *= static_cast<double>(assumedBatch);
  cost.of(power) += each;
}

bool computes(Operation *op) {
  return isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) && !isa<arith::ConstantOp, arith::SelectOp>(op) &&
         isa<FloatType>(op->getResult(0).getType());
}

} // namespace

int64_t repetitions(ir::LaunchOp launch) {
  int64_t times = 1;
  for (auto loop = launch->getParentOfType<scf::ForOp>(); loop; loop = loop->getParentOfType<scf::ForOp>())
    if (auto end = getConstantIntValue(loop.getUpperBound()))
      times *= *end - *getConstantIntValue(loop.getLowerBound());
  return times;
}

KernelSpec describeKernel(ir::LaunchOp launch) {
  KernelSpec spec{.symbol = launch.getKernel().str()};
  auto function = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(launch, launch.getKernelAttr());
  auto times = static_cast<double>(repetitions(launch));
  function.walk([&](linalg::GenericOp op) {
    auto operations = llvm::count_if(op.getBody()->getOperations(), [](Operation &inner) { return computes(&inner); });
    addTo(spec.flops, op.getStaticLoopRanges(), times * static_cast<double>(operations));
  });
  for (TypeRange types : {TypeRange(function.getArgumentTypes()), TypeRange(function.getResultTypes())})
    for (Type type : types)
      if (auto tensor = dyn_cast<RankedTensorType>(type))
        addTo(spec.bytes, tensor.getShape(), times * llvm::divideCeil(tensor.getElementTypeBitWidth(), 8));
  return spec;
}

} // namespace cornu::codegen
