// Which kernels are worth cutting for several threads, and a call's share of one.
#include "codegen/KernelBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace cornu::codegen {

Work Work::ofLoops(ArrayRef<int64_t> extents, double pointPs) {
  bool dynamic = llvm::any_of(extents, ShapedType::isDynamic), counted = false;
  for (int64_t extent : extents) {
    if (ShapedType::isDynamic(extent) && !std::exchange(counted, true))
      continue;
    pointPs *= static_cast<double>(ShapedType::isDynamic(extent) ? assumedBatch : extent);
  }
  auto ps = static_cast<int64_t>(std::min(pointPs, 1e15));
  return dynamic ? Work{0, ps} : Work{ps, 0};
}

Work &Work::operator+=(Work other) {
  fixed += other.fixed;
  perRow += other.perRow;
  return *this;
}

int64_t bodyCost(linalg::GenericOp op) {
  int64_t cost = 0;
  for (Operation &inner : op.getBody()->without_terminator())
    cost += isa<math::MathDialect>(inner.getDialect()) && !isa<math::AbsFOp, math::SqrtOp, math::CopySignOp>(inner) ? 15 : 1;
  return cost;
}

bool KernelBuilder::divides(Work kernel) {
  work = kernel;
  return smallestPart && work.fixed + largestBatch * work.perRow >= 2 * smallestPart;
}

KernelBuilder::Range KernelBuilder::share(Value units, Work work) {
  divided = work;
  auto begin = [&](Value number) {
    return arith::DivUIOp::create(b, loc, b.createOrFold<arith::MulIOp>(loc, units, number), parts).getResult();
  };
  return {begin(part), begin(add(part, 1))};
}

} // namespace cornu::codegen
