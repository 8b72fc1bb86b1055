// The gradient of a loop is a loop the other way. With h' = f(h, x, w) and y = g(h, x, w) in each step, its step turns the cotangent of h', carried
// from the step that follows, and that of y, a slice, into those of h (carried on), of x (an output) and of w (summed up in a carried value).
#include "ir/Expr.h"
#include "passes/gradient/Backward.h"
#include "passes/gradient/Residuals.h"

namespace cornu::passes {
using namespace mlir;
using namespace cornu::ir;

namespace {

class ScanBackward {
public:
  ScanBackward(ScanOp forward, Backward &outer) : forward(forward), outer(outer), inside(forward.getContext()), inner(inside) {}

  LogicalResult run() {
    findPath();
    ScanOp draft = begin();
    if (failed(inner.run()))
      return failure();
    finish(draft);
    return success();
  }

private:
  ScanOp forward;
  Backward &outer;
  OpBuilder inside;
  Backward inner;
  // What takes part, by position; captured values themselves.
  SmallVector<unsigned> carried, slices, outputs;
  SmallVector<Value> captured;

  Value cotangentOfFinal(unsigned i) { return outer.cotangent(forward.getFinals()[i]); }

  /// The path through one step, and, as what varies in a step varies in the next, through all of them.
  void findPath() {
    SmallVector<Value> from, to;
    auto add = [](SmallVector<Value> &list, Value value) {
      bool isNew = !llvm::is_contained(list, value);
      if (isNew)
        list.push_back(value);
      return isNew;
    };
    for (auto [init, argument] : llvm::zip_equal(forward.getInits(), forward.getCarried()))
      if (outer.isVaried(init))
        from.push_back(argument);
    for (auto [sequence, argument] : llvm::zip_equal(forward.getSequences(), forward.getSlices()))
      if (outer.isVaried(sequence))
        from.push_back(argument);
    for (Value value : forward.getCaptured())
      if (outer.isVaried(value)) {
        from.push_back(value);
        captured.push_back(value);
      }
    for (auto [i, next] : llvm::enumerate(forward.getNext()))
      if (cotangentOfFinal(i))
        to.push_back(next);
    for (auto [stacked, output] : llvm::zip_equal(forward.getStacked(), forward.getOutputs()))
      if (outer.cotangent(stacked))
        to.push_back(output);
    for (bool grew = true; grew;) {
      grew = false;
      inner.findPath(forward.getStep()->without_terminator(), from, to);
      for (auto [argument, next] : llvm::zip_equal(forward.getCarried(), forward.getNext())) {
        if (inner.isVaried(next) && isFloating(next))
          grew |= add(from, argument);
        if (inner.isUseful(argument))
          grew |= add(to, next);
      }
    }
    auto isActive = [&](Value value) { return isFloating(value) && inner.isVaried(value) && inner.isUseful(value); };
    for (auto [i, argument, next] : llvm::enumerate(forward.getCarried(), forward.getNext()))
      if (isActive(argument) || isActive(next))
        carried.push_back(i);
    for (auto [i, argument] : llvm::enumerate(forward.getSlices()))
      if (isActive(argument))
        slices.push_back(i);
    for (auto [i, stacked, output] : llvm::enumerate(forward.getStacked(), forward.getOutputs()))
      if (outer.cotangent(stacked) && inner.isVaried(output))
        outputs.push_back(i);
    llvm::erase_if(captured, [&](Value value) { return !isActive(value); });
  }

  Value zeros(OpBuilder &builder, Value like) {
    auto type = tensorType(like);
    ExprBuilder e(builder, forward.getLoc());
    return broadcastTo(e.constant(0.0, type.getElementType()), type.getShape());
  }

  /// Starts the loop, with the cotangents of what a step yields as its arguments.
  ScanOp begin() {
    SmallVector<Value> inits, sequences;
    for (unsigned i : carried) {
      Value final = cotangentOfFinal(i);
      inits.push_back(final ? final : zeros(outer.builder, forward.getInits()[i]));
    }
    for (Value value : captured)
      inits.push_back(zeros(outer.builder, value));
    for (unsigned i : outputs)
      sequences.push_back(outer.cotangent(forward.getStacked()[i]));
    auto draft = ScanOp::create(outer.builder, forward.getLoc(), inits, sequences, TypeRange(), forward.getAxis(), forward.getLength(), !forward.getReverse());
    inside.setInsertionPointToEnd(draft.getStep());
    for (auto [i, cotangent] : llvm::zip(carried, draft.getCarried()))
      inner.flowInto(forward.getNext()[i], cotangent);
    for (auto [i, cotangent] : llvm::zip_equal(outputs, draft.getSlices()))
      inner.flowInto(forward.getOutputs()[i], cotangent);
    return draft;
  }

  /// Ends the step with the cotangents of what it was given, and gives those of the loop's operands to the ops before it.
  void finish(ScanOp draft) {
    SmallVector<Value> yielded;
    for (unsigned i : carried)
      yielded.push_back(inner.cotangentOrZeros(forward.getCarried()[i]));
    for (auto [value, sum] : llvm::zip_equal(captured, draft.getCarried().drop_front(carried.size()))) {
      Value part = inner.cotangent(value);
      ExprBuilder e(inside, part ? part.getLoc() : forward.getLoc());
      yielded.push_back(part ? Value(e(sum) + e(part)) : Value(sum));
    }
    SmallVector<Type> outputTypes;
    for (unsigned i : slices) {
      yielded.push_back(inner.cotangentOrZeros(forward.getSlices()[i]));
      outputTypes.push_back(yielded.back().getType());
    }
    YieldOp::create(inside, forward.getLoc(), yielded);
    eraseDeadOps(*draft.getStep());

    SmallVector<Value> oldResults(forward.getResults());
    auto [rebuilt, residuals] = provideResiduals(forward, draft.getStep());
    for (auto [value, by] : llvm::zip(oldResults, rebuilt.getResults()))
      if (value != by)
        outer.replace(value, by);
    forward = rebuilt;
    SmallVector<Value> sequences(draft.getSequences());
    sequences.append(residuals);
    auto loop = ScanOp::create(outer.builder, forward.getLoc(), draft.getInits(), sequences, outputTypes, draft.getAxis(), draft.getLength(),
                               draft.getReverse());
    loop.getBody().takeBody(draft.getBody());
    draft.erase();

    for (auto [i, cotangent] : llvm::zip(carried, loop.getFinals()))
      outer.flowInto(forward.getInits()[i], cotangent);
    for (auto [value, cotangent] : llvm::zip_equal(captured, loop.getFinals().drop_front(carried.size())))
      outer.flowInto(value, cotangent);
    for (auto [i, cotangent] : llvm::zip_equal(slices, loop.getStacked()))
      outer.flowInto(forward.getSequences()[i], cotangent);
  }
};

} // namespace

LogicalResult differentiateScan(ScanOp scan, Backward &outer) { return ScanBackward(scan, outer).run(); }

} // namespace cornu::passes
