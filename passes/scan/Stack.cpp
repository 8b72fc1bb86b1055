#include "passes/scan/Stack.h"

#include "ir/Expr.h"
#include "mlir/IR/PatternMatch.h"

namespace cornu::passes {
using namespace mlir;
using namespace cornu::ir;

SmallVector<Value> stack(RewriterBase &rewriter, ScanOp &scan, ArrayRef<Value> values) {
  OpBuilder::InsertionGuard guard(rewriter);
  YieldOp yield = scan.getYield();
  rewriter.setInsertionPoint(yield);
  unsigned carried = scan.getInits().size();
  SmallVector<Value> yielded(yield.getValues());
  // Where each value is: a sequence, whose slice it is, or the position among the outputs.
  SmallVector<std::pair<Value, unsigned>> found;
  for (Value value : values) {
    if (auto argument = dyn_cast<BlockArgument>(value); argument && argument.getArgNumber() >= carried) {
      found.push_back({scan.getSequences()[argument.getArgNumber() - carried], 0});
      continue;
    }
    SmallVector<int64_t> shape(tensorType(value).getShape());
    if (shape.size() < scan.getAxis()) {
      shape.resize(scan.getAxis(), 1);
      ExprBuilder e(rewriter, value.getLoc());
      value = reshape(e(value), shape);
    }
    auto outputs = ArrayRef(yielded).drop_front(carried);
    unsigned at = llvm::find(outputs, value) - outputs.begin();
    if (at == outputs.size())
      yielded.push_back(value);
    found.push_back({Value(), at});
  }
  if (yielded.size() > yield.getValues().size()) {
    yield.getValuesMutable().assign(yielded);
    rewriter.setInsertionPoint(scan);
    auto rebuilt = ScanOp::create(rewriter, scan.getLoc(), scan.getInits(), scan.getSequences(),
                                  ValueRange(ArrayRef(yielded).drop_front(carried)).getTypes(), scan.getAxis(), scan.getLength(), scan.getReverse());
    rebuilt.getBody().takeBody(scan.getBody());
    rewriter.replaceOp(scan, rebuilt.getResults().take_front(scan.getNumResults()));
    scan = rebuilt;
  }
  SmallVector<Value> stacked;
  for (auto [sequence, output] : found)
    stacked.push_back(sequence ? sequence : Value(scan.getStacked()[output]));
  return stacked;
}

} // namespace cornu::passes
