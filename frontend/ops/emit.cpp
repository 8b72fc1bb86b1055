#include "frontend/ops/emit.h"

namespace cornu::ops {
using namespace mlir;

Tensor op(const char *className, const Tensors &operands, Emit emit, Json config, Json arguments) {
  Tensors symbols;
  for (const Tensor &x : operands) {
    x.shape(); // throws for a tensor that was only declared
    if (isSymbol(x)) symbols.push_back(x);
  }
  if (symbols.empty()) return emit(operands);
  return OpLayer(className, operands, std::move(emit), std::move(config), std::move(arguments))(symbols);
}

Value valueAs(const Tensor &x, DType dtype) {
  trace::Trace &t = trace::here();
  Type type = trace::elementType(dtype);
  Value v = t.value(x, type);
  auto have = cast<RankedTensorType>(v.getType());
  if (have.getElementType() == type) return v;
  return ir::CastOp::create(t.builder, t.location(), have.clone(type), v);
}

DType promote(const Tensor &a, const Tensor &b) {
  auto isFloatNumber = [](const Tensor &x) { return isNumber(x) && !x.impl->integral; };
  if (isNumber(a) != isNumber(b)) {
    const Tensor &number = isNumber(a) ? a : b, &tensor = isNumber(a) ? b : a;
    if (isFloating(tensor.dtype())) return tensor.dtype();
    if (isFloatNumber(number)) return DType::Float32;
    return tensor.dtype() == DType::Bool ? DType::Int32 : tensor.dtype();
  }
  DType l = a.dtype(), r = b.dtype();
  if (isFloating(l) != isFloating(r)) return isFloating(l) ? l : r;
  if ((l == DType::Float16 && r == DType::BFloat16) || (l == DType::BFloat16 && r == DType::Float16)) return DType::Float32;
  return sizeOf(l) >= sizeOf(r) ? (l == DType::Bool ? r : l) : (r == DType::Bool ? l : r);
}

Value floating(const Tensor &x) { return valueAs(x, isFloating(x.dtype()) ? x.dtype() : DType::Float32); }

int64_t axisOf(const char *opName, const Tensor &x, int64_t axis) {
  int64_t i = axis < 0 ? axis + x.rank() : axis;
  if (i < 0 || i >= x.rank())
    throw UserError(std::string(opName) + ": axis must be within the rank of the tensor",
                    "axis=" + std::to_string(axis) + " for shape " + shapeString(x.shape()));
  return i;
}

Tensor elementCount(const Shape &shape, DType dtype) {
  double number = 1;
  Tensor batches;
  for (int64_t extent : shape) {
    Tensor batch = extent < 0 ? cast(batch_size(), dtype) : Tensor();
    if (batch)
      batches = batches ? batches * batch : batch;
    else
      number *= static_cast<double>(extent);
  }
  if (!batches) return Tensor(number);
  return number == 1 ? batches : batches * number;
}

Shape broadcast(const char *opName, const Shape &a, const Shape &b) {
  const Shape &longer = a.size() >= b.size() ? a : b, &shorter = a.size() >= b.size() ? b : a;
  Shape result = longer;
  size_t offset = longer.size() - shorter.size();
  for (size_t i = 0; i < shorter.size(); ++i) {
    int64_t &extent = result[offset + i];
    if (extent == 1)
      extent = shorter[i];
    else if (shorter[i] != 1 && shorter[i] != extent)
      throw UserError(std::string(opName) + ": shapes must broadcast (each pair of extents equal, or one of them 1)",
                      shapeString(a) + " and " + shapeString(b));
  }
  return result;
}

} // namespace cornu::ops
