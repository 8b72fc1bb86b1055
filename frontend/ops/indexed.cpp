// Rows by number.
#include <algorithm>

#include "frontend/ops/emit.h"

namespace cornu {
using namespace ops;

Tensor take(const Tensor &x, const Tensor &indices) {
  return op("Take", {x, indices}, [](const Tensors &xs) {
    const Shape &from = xs[0].shape();
    if (from.empty() || from[0] <= 0) throw UserError("take: the first axis must have at least one element and must not be the batch", "shape=" + shapeString(from));
    DType type = xs[1].dtype() == DType::Int64 ? DType::Int64 : DType::Int32;
    Tensor numbers = xs[1].rank() ? xs[1] : reshape(xs[1], {1});
    Tensor table = reshape(xs[0], {from[0], -1});
    Tensor rows = wrap(ir::GatherOp::create(trace::here().builder, trace::here().location(), value(table), valueAs(numbers, type)));
    Shape shape = xs[1].shape();
    shape.insert(shape.end(), from.begin() + 1, from.end());
    return reshape(rows, shape);
  }, Json::object({{"axis", 0}}));
}

Tensor scatter(const Tensor &indices, const Tensor &values, int64_t rows) {
  return op("Scatter", {indices, values}, [rows](const Tensors &xs) {
    Shape number = xs[0].shape(), shape = xs[1].shape();
    if (number.empty() || shape.size() < number.size() || !std::equal(number.begin(), number.end(), shape.begin()))
      throw UserError("scatter: there must be a row for each index", shapeString(number) + " and " + shapeString(shape));
    Shape row(shape.begin() + static_cast<int64_t>(number.size()), shape.end());
    DType type = xs[0].dtype() == DType::Int64 ? DType::Int64 : DType::Int32;
    Shape flat = number;
    flat.push_back(1);
    for (int64_t extent : row) flat.back() *= extent;
    mlir::Value values = floating(reshape(xs[1], flat));
    auto table = trace::tensorType({rows, flat.back()}, trace::dtypeOf(mlir::getElementTypeOrSelf(values)));
    row.insert(row.begin(), rows);
    return reshape(wrap(ir::ScatterAddOp::create(trace::here().builder, trace::here().location(), table, values, valueAs(xs[0], type))), row);
  }, Json::object({{"rows", rows}}));
}

} // namespace cornu
