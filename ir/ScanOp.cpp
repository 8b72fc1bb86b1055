#include "ir/CornuOps.h"
#include "ir/Shape.h"
#include "mlir/Transforms/RegionUtils.h"

namespace cornu::ir {
using namespace mlir;

RankedTensorType ScanOp::stackedType(Type slice, int64_t axis, int64_t length) {
  auto type = llvm::cast<RankedTensorType>(slice);
  SmallVector<int64_t> shape(type.getShape());
  shape.insert(shape.begin() + axis, length);
  return type.clone(shape);
}

RankedTensorType ScanOp::sliceType(Type stacked, int64_t axis) {
  auto type = llvm::cast<RankedTensorType>(stacked);
  SmallVector<int64_t> shape(type.getShape());
  shape.erase(shape.begin() + axis);
  return type.clone(shape);
}

YieldOp ScanOp::getYield() { return llvm::cast<YieldOp>(getStep()->getTerminator()); }
OperandRange ScanOp::getNext() { return getYield().getValues().take_front(getInits().size()); }
OperandRange ScanOp::getOutputs() { return getYield().getValues().drop_front(getInits().size()); }

llvm::SetVector<Value> ScanOp::getCaptured() {
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(getBody(), captured);
  return captured;
}

void ScanOp::build(OpBuilder &builder, OperationState &state, ValueRange inits, ValueRange sequences, TypeRange outputs, int64_t axis, int64_t length,
                   bool reverse) {
  state.addOperands(inits);
  state.addOperands(sequences);
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.operandSegmentSizes = {static_cast<int32_t>(inits.size()), static_cast<int32_t>(sequences.size())};
  properties.axis = builder.getI64IntegerAttr(axis);
  properties.length = builder.getI64IntegerAttr(length);
  if (reverse)
    properties.reverse = builder.getUnitAttr();
  state.addTypes(inits.getTypes());
  for (Type output : outputs)
    state.addTypes(stackedType(output, axis, length));
  Block &step = state.addRegion()->emplaceBlock();
  for (Value init : inits)
    step.addArgument(init.getType(), init.getLoc());
  for (Value sequence : sequences)
    step.addArgument(sliceType(sequence.getType(), axis), sequence.getLoc());
}

LogicalResult ScanOp::verify() {
  int64_t axis = getAxis(), length = getLength();
  auto checkStacked = [&](Value value, StringRef what) -> LogicalResult {
    ArrayRef<int64_t> shape = tensorType(value).getShape();
    if (axis >= static_cast<int64_t>(shape.size()) || shape[axis] != length)
      return emitOpError("needs ") << what << " with extent " << length << " along axis " << axis << ". Received: " << shapeText(shape);
    if (llvm::is_contained(shape.drop_front(axis), ShapedType::kDynamic))
      return emitOpError("needs its axis behind the batch. Received: axis ") << axis << " of " << shapeText(shape);
    return success();
  };
  if (getResults().size() < getInits().size())
    return emitOpError("needs a result for each carried value. Received: ") << getResults().size() << " results for " << getInits().size();
  for (Value sequence : getSequences())
    if (failed(checkStacked(sequence, "sequences")))
      return failure();
  for (Value stacked : getStacked())
    if (failed(checkStacked(stacked, "stacked results")))
      return failure();
  if (getFinals().getTypes() != getInits().getTypes())
    return emitOpError("needs the last carried values to have the types of the first");
  return success();
}

LogicalResult ScanOp::verifyRegions() {
  SmallVector<Type> arguments(getInits().getTypes()), yielded(getInits().getTypes());
  for (Type type : getSequences().getTypes())
    arguments.push_back(sliceType(type, getAxis()));
  for (Type type : getStacked().getTypes())
    yielded.push_back(sliceType(type, getAxis()));
  auto describe = [](auto types) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    stream << '(';
    llvm::interleaveComma(types, stream);
    stream << ')';
    return text;
  };
  if (getStep()->getArgumentTypes() != ArrayRef(arguments))
    return emitOpError("needs a body with arguments for the carried values, then for slices, ")
           << describe(arguments) << ". Received: " << describe(getStep()->getArgumentTypes());
  auto yield = llvm::dyn_cast<YieldOp>(getStep()->back());
  if (!yield)
    return emitOpError("needs a cornu.yield at the end of its body");
  if (yield.getValues().getTypes() != ArrayRef(yielded))
    return yield.emitOpError("needs the next carried values, then outputs, ")
           << describe(yielded) << ". Received: " << describe(yield.getValues().getTypes());
  for (Operation &op : *getStep())
    if (isa<AssignOp>(op))
      return op.emitOpError("cannot stand in a cornu.scan: carry the value, and assign the last one");
  return success();
}

} // namespace cornu::ir
