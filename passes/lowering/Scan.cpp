#include "passes/lowering/Copy.h"
#include "passes/lowering/Lowering.h"

using namespace mlir;

namespace cornu::passes {

LogicalResult Lowering::lowerScan(ir::ScanOp scan) {
  Location loc = scan.getLoc();
  int64_t axis = scan.getAxis();
  OpBuilder::InsertionGuard guard(b);
  SmallVector<Value> inits, sequences;
  for (Value init : scan.getInits())
    inits.push_back(ownStart(loc, init));
  for (Value sequence : scan.getSequences())
    sequences.push_back(lowered(sequence));
  SmallVector<Type> outputs;
  for (Value output : scan.getOutputs())
    outputs.push_back(storageType(output.getType()));
  auto loop = ir::ScanOp::create(b, loc, inits, sequences, outputs, axis, scan.getLength(), scan.getReverse());
  values.map(scan.getResults(), loop.getResults());

  Block *step = loop.getStep();
  b.setInsertionPointToEnd(step);
  values.map(scan.getCarried(), loop.getCarried());
  for (auto [argument, slice] : llvm::zip_equal(scan.getSlices(), loop.getSlices())) {
    // Where time is innermost in memory, neighbours are `length` apart: no kernel but a copy reads them.
    bool scattered = axis > 0 && axis == cast<RankedTensorType>(slice.getType()).getRank();
    values.map(argument, scattered ? createCopy(b, loc, slice) : slice);
  }
  for (Operation &op : scan.getStep()->without_terminator())
    if (failed(lower(&op)))
      return failure();
  // Each value that is yielded has a place of its own. That of an output is not contiguous, as its reshape or what a loop carries would have to be.
  llvm::SmallPtrSet<Value, 16> taken;
  SmallVector<Value> yielded;
  for (Value next : scan.getNext())
    yielded.push_back(ownResult(next.getLoc(), lowered(next), taken, /*joined=*/false));
  for (Value output : scan.getOutputs()) {
    Value value = lowered(output);
    bool reshaped = llvm::any_of(value.getUsers(), [](Operation *user) { return isa<ir::ReshapeOp>(user); });
    bool loops = value.getDefiningOp<ir::ScanOp>();
    yielded.push_back(isOfLoop(output) ? value : reshaped || loops ? createCopy(b, output.getLoc(), value) : ownResult(output.getLoc(), value, taken, /*joined=*/true));
  }
  ir::YieldOp::create(b, loc, yielded);
  return success();
}

} // namespace cornu::passes
