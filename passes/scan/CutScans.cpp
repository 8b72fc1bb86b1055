// A loop over many steps as a loop over blocks of some: what is computed of all steps before the loop, the contractions of slices above all, is then computed block
// by block, and read while it is in the second-level cache.
#include "ir/Expr.h"
#include "mlir/IR/PatternMatch.h"
#include "passes/KernelAnalysis.h"
#include "passes/Passes.h"

namespace cornu::passes {
#define GEN_PASS_DEF_CUTSCANSPASS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace cornu::ir;

namespace {

constexpr int64_t blockBytes = 512 << 10;     // of a usual batch: a quarter of a second-level cache, or half of a small one
constexpr int64_t fewestSteps = 8;            // whose contractions still make full tiles of rows of a single sample

class Cutter {
public:
  explicit Cutter(ScanOp scan) : scan(scan), axis(scan.getAxis()), length(scan.getLength()), rewriter(scan) {}

  void run() {
    findMakers();
    if (int64_t steps = stepsOfBlock())
      cut(steps);
  }

private:
  ScanOp scan;
  int64_t axis, length;
  IRRewriter rewriter;
  llvm::SetVector<Operation *> makers;        ///< ops before the loop that make its sequences and nothing else, users before what they use

  /// Where time is in operand i of an op whose result has it at the axis; nullopt: the operand is the same in each step.
  std::optional<int64_t> timeOf(Operation *op, unsigned i) const {
    if (auto product = dyn_cast<EinsumOp>(op)) {
      size_t at = (i == 0 ? product.getTerms().a : product.getTerms().b).find(product.getTerms().y[axis]);
      return at == StringRef::npos ? std::nullopt : std::optional<int64_t>(at);
    }
    if (isa<GatherOp>(op))
      return i == 0 ? std::nullopt : std::optional<int64_t>(axis);
    auto type = tensorType(op->getOperand(i));
    int64_t at = axis - (tensorType(op->getResult(0)).getRank() - type.getRank());
    return at < 0 || type.getDimSize(at) == 1 ? std::nullopt : std::optional<int64_t>(at);
  }

  /// True if some steps of the result are made of as many of the operands'.
  bool isByStep(Operation *op) const {
    auto gather = dyn_cast<GatherOp>(op);
    return isa<EinsumOp>(op) || op->hasTrait<Elementwise>() || (gather && axis < tensorType(gather.getIndices()).getRank());
  }

  /// True if all that becomes of the value is a slice of it, in each step.
  bool isOnlySliced(Value value) {
    return llvm::all_of(value.getUses(), [&](OpOperand &use) {
      unsigned number = use.getOperandNumber();
      return use.getOwner() == scan ? number >= scan.getInits().size() : makers.contains(use.getOwner()) && timeOf(use.getOwner(), number).has_value();
    });
  }

  void findMakers() {
    auto consider = [&](Value value) {
      Operation *op = value.getDefiningOp();
      if (!op || op->getBlock() != scan->getBlock() || !isByStep(op) || !isOnlySliced(value))
        return;
      bool atAxis = llvm::all_of(llvm::seq(op->getNumOperands()), [&](unsigned i) { return timeOf(op, i).value_or(axis) == axis; });
      if (atAxis)
        makers.insert(op);
    };
    llvm::for_each(scan.getSequences(), consider);
    for (size_t i = 0; i < makers.size(); ++i)
      for (unsigned operand = 0; operand < makers[i]->getNumOperands(); ++operand)
        if (timeOf(makers[i], operand))
          consider(makers[i]->getOperand(operand));
  }

  /// Those of a block, a divisor of the length; 0: the loop stays whole.
  int64_t stepsOfBlock() {
    if (llvm::none_of(makers, [](Operation *op) { return isa<EinsumOp>(op); }))
      return 0;
    int64_t bytes = 0;
    for (Value sequence : llvm::SetVector<Value>(scan.getSequences().begin(), scan.getSequences().end()))
      if (makers.contains(sequence.getDefiningOp())) {
        auto type = tensorType(sequence);
        bytes += assumedCount(type.getShape()) * llvm::divideCeil(type.getElementTypeBitWidth(), 8) / length;
      }
    if (bytes * length <= blockBytes)
      return 0;
    // The most that fit, or else the fewest that are enough.
    int64_t best = 0;
    for (int64_t steps = fewestSteps; steps <= length / 2; ++steps)
      if (length % steps == 0 && (!best || steps * bytes <= blockBytes))
        best = steps;
    return best * bytes <= 2 * blockBytes ? best : 0;
  }

  void cut(int64_t steps) {
    int64_t blocks = length / steps;
    auto blocked = [&](Value value) -> Value {
      SmallVector<int64_t> shape(tensorType(value).getShape());
      shape[axis] = steps;
      shape.insert(shape.begin() + axis, blocks);
      return reshape(ExprBuilder(rewriter, scan.getLoc())(value), shape);
    };
    llvm::SetVector<Value> read;
    auto reads = [&](Value value) {
      if (!makers.contains(value.getDefiningOp()))
        read.insert(value);
    };
    llvm::for_each(scan.getSequences(), reads);
    for (Operation *op : makers)
      for (auto [i, operand] : llvm::enumerate(op->getOperands()))
        if (timeOf(op, i))
          reads(operand);
    SmallVector<Value> sequences = llvm::map_to_vector(read, blocked);
    SmallVector<Type> parts, slices;
    for (Value output : scan.getOutputs()) {
      slices.push_back(output.getType());
      parts.push_back(ScanOp::stackedType(output.getType(), axis, steps));
    }
    auto outer = ScanOp::create(rewriter, scan.getLoc(), scan.getInits(), sequences, parts, axis, blocks, scan.getReverse());

    // Within it, the makers of a block, and the loop over its steps.
    rewriter.setInsertionPointToStart(outer.getStep());
    IRMapping within;
    within.map(read.getArrayRef(), outer.getSlices());
    SmallVector<Operation *> inOrder(makers.getArrayRef());
    llvm::sort(inOrder, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
    for (Operation *op : inOrder) {
      Operation *part = rewriter.clone(*op);
      for (auto [i, operand] : llvm::enumerate(op->getOperands()))
        if (timeOf(op, i))
          part->setOperand(i, within.lookup(operand));
      SmallVector<int64_t> shape(tensorType(op->getResult(0)).getShape());
      shape[axis] = steps;
      part->getResult(0).setType(tensorType(op->getResult(0)).clone(shape));
      within.map(op->getResult(0), part->getResult(0));
    }
    SmallVector<Value> ofBlock;
    for (Value sequence : scan.getSequences())
      ofBlock.push_back(within.lookup(sequence));
    auto inner = ScanOp::create(rewriter, scan.getLoc(), outer.getCarried(), ofBlock, slices, axis, steps, scan.getReverse());
    inner.getBody().takeBody(scan.getBody());
    YieldOp::create(rewriter, scan.getLoc(), inner.getResults());

    rewriter.setInsertionPointAfter(outer);
    SmallVector<Value> results(outer.getFinals());
    for (auto [whole, part] : llvm::zip_equal(scan.getStacked(), outer.getStacked()))
      results.push_back(reshape(ExprBuilder(rewriter, scan.getLoc())(part), tensorType(whole).getShape()));
    rewriter.replaceOp(scan, results);
    for (Operation *op : llvm::reverse(inOrder))
      rewriter.eraseOp(op);
  }
};

struct CutScans : impl::CutScansPassBase<CutScans> {
  void runOnOperation() override {
    SmallVector<ScanOp> scans;
    getOperation().walk([&](ScanOp scan) { scans.push_back(scan); });
    for (ScanOp scan : scans)
      Cutter(scan).run();
  }
};
} // namespace
} // namespace cornu::passes
