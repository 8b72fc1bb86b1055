#include "frontend/run/IndexRanges.h"

#include <cmath>

#include "ir/CornuOps.h"

namespace cornu::run {
using namespace mlir;

namespace {
std::string layerOf(Location location) {
  std::string name;
  location->walk([&](Location at) {
    if (auto named = dyn_cast<NameLoc>(at)) name = named.getName().str();
    return name.empty() ? WalkResult::advance() : WalkResult::interrupt();
  });
  return name;
}
} // namespace

std::vector<IndexRange> indexRangesOf(func::FuncOp function) {
  std::vector<IndexRange> ranges;
  function.walk([&](ir::GatherOp gather) {
    Value source = gather.getIndices();
    while (auto *def = source.getDefiningOp()) {
      if (!isa<ir::CastOp, ir::ReshapeOp, ir::TransposeOp>(def)) break;
      source = def->getOperand(0);
    }
    if (auto argument = dyn_cast<BlockArgument>(source); argument && argument.getOwner()->getParentOp() == function)
      ranges.push_back({argument.getArgNumber(), cast<RankedTensorType>(gather.getTable().getType()).getDimSize(0), layerOf(gather.getLoc())});
  });
  return ranges;
}

void checkIndices(const IndexRange &range, const Array &input, const std::string &what) {
  for (int64_t i = 0; i < input.size(); ++i) {
    double index = std::trunc(input.at(i)), rows = static_cast<double>(range.rows);
    if (!(index >= -rows && index < rows))
      throw UserError(what + ": an index into '" + range.layer + "' must be at least " + std::to_string(-range.rows) + " and less than " + std::to_string(range.rows),
                      std::to_string(static_cast<int64_t>(index)) + " in sample " + std::to_string(i / (input.size() / input.dim(0))));
  }
}

} // namespace cornu::run
