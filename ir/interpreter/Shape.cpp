// Constants, and ops that move elements: each is a strided copy.
#include "ir/interpreter/Evaluate.h"
#include "llvm/ADT/TypeSwitch.h"

namespace cornu::interpreter {
using namespace ir;

namespace {

Array constant(const Call &call, mlir::ElementsAttr value) {
  auto dense = llvm::dyn_cast<mlir::DenseElementsAttr>(value);
  if (!dense) throw UserError("the interpreter evaluates dense constants", "another kind");
  Array y = Array::uninitialized(call.shape, call.dtype);
  int64_t i = 0;
  if (llvm::isa<mlir::FloatType>(dense.getElementType())) {
    for (mlir::APFloat v : dense.getValues<mlir::APFloat>()) y.set(i++, v.convertToDouble());
  } else {
    bool isBool = call.dtype == DType::Bool;
    withElement(call.dtype, [&]<class T>() {
      for (const mlir::APInt &v : dense.getValues<mlir::APInt>()) elements<T>(y)[i++] = static_cast<T>(isBool ? v.getZExtValue() : v.getSExtValue());
      return 0;
    });
  }
  return y;
}

Array iota(const Call &call, int64_t dim) {
  int64_t extent = call.shape[dim], inner = stridesOf(call.shape)[dim];
  Array y = Array::uninitialized(call.shape, call.dtype);
  for (int64_t i = 0; i < y.size(); ++i) y.set(i, static_cast<double>(i / inner % extent));
  return y;
}

Array concatenate(const Call &call, int64_t dim) {
  Array y = Array::uninitialized(call.shape, call.dtype);
  int64_t start = 0;
  for (const Array &x : call.operands) {
    insert(x, y, dim, start);
    start += x.dim(dim);
  }
  return y;
}

Array reverse(const Array &x, int64_t dim) {
  Shape strides = stridesOf(x.shape());
  int64_t last = strides[dim] * (x.dim(dim) - 1);
  strides[dim] = -strides[dim];
  return gather(x, x.shape(), strides, x.size() ? last : 0);
}

Array pad(const Call &call, PadOp op) {
  Array y = Array::full(call.shape, op.getValue().convertToDouble(), call.dtype);
  insert(call.operands[0], y, op.getDim(), op.getLow());
  return y;
}

Array slice(const Call &call, SliceOp op) {
  Shape strides = stridesOf(call.operands[0].shape());
  int64_t offset = static_cast<int64_t>(op.getStart()) * strides[op.getDim()];
  strides[op.getDim()] *= static_cast<int64_t>(op.getStep());
  return gather(call.operands[0], call.shape, strides, offset);
}

} // namespace

std::optional<Array> evaluateShape(const Call &call) {
  return llvm::TypeSwitch<mlir::Operation *, std::optional<Array>>(call.op)
      .Case([&](ConstantOp op) { return constant(call, op.getValue()); })
      .Case([&](BatchSizeOp) { return Array::scalar(static_cast<double>(call.batch), DType::Int64); })
      .Case([&](IotaOp op) { return iota(call, op.getDim()); })
      .Case([&](BroadcastToOp) { return expand(call.operands[0], call.shape); })
      .Case([&](ReshapeOp) { return call.operands[0].reshape(call.shape); })
      .Case([&](TransposeOp op) { return permute(call.operands[0], std::vector<size_t>(op.getPerm().begin(), op.getPerm().end())); })
      .Case([&](ConcatenateOp op) { return concatenate(call, op.getDim()); })
      .Case([&](SliceOp op) { return slice(call, op); })
      .Case([&](ReverseOp op) { return reverse(call.operands[0], op.getDim()); })
      .Case([&](PadOp op) { return pad(call, op); })
      .Default([](mlir::Operation *) { return std::nullopt; });
}

} // namespace cornu::interpreter
