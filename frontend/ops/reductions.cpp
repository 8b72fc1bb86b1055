// Reductions, and the softmax family.
#include "frontend/ops/emit.h"

#include <algorithm>
#include <limits>

namespace cornu {
using namespace ops;

namespace {

std::vector<int64_t> dimsOf(const char *name, const Tensor &x, const Axes &axes) {
  std::vector<int64_t> dims;
  if (!axes.list)
    for (int64_t i = 0; i < x.rank(); ++i) dims.push_back(i);
  else
    for (int64_t axis : *axes.list) dims.push_back(axisOf(name, x, axis));
  std::sort(dims.begin(), dims.end());
  dims.erase(std::unique(dims.begin(), dims.end()), dims.end());
  return dims;
}

Json configOf(const char *name, const Axes &axes, ReduceOptions options) {
  Json config = Json::object();
  config["axis"] = axes.list ? Json(*axes.list) : Json();
  config["keepdims"] = options.keepdims;
  if (name == std::string_view("Max") || name == std::string_view("Min")) config["initial"] = nullptr;
  return config;
}

template <class Op> Tensor reduce(const char *name, const Tensor &x, const Axes &axes, ReduceOptions options) {
  return op(name, {x}, [=](const Tensors &xs) {
    std::vector<int64_t> dims = dimsOf(name, xs[0], axes);
    mlir::Value v = value(xs[0]);
    if (dims.empty()) return wrap(v);
    return wrap(Op::create(trace::here().builder, trace::here().location(), v, dims, options.keepdims));
  }, configOf(name, axes, options));
}

template <class Op> Tensor softmaxLike(const char *name, const Tensor &x, int64_t axis) {
  return op(name, {x}, [=](const Tensors &xs) {
    int64_t dim = axisOf(name, xs[0], axis);
    mlir::Value v = floating(xs[0]);
    return wrap(Op::create(trace::here().builder, trace::here().location(), v.getType(), v, llvm::ArrayRef<int64_t>(dim)));
  }, Json::object({{"axis", axis}}));
}

} // namespace

Tensor sum(const Tensor &x, const Axes &axes, ReduceOptions options) { return reduce<ir::ReduceSumOp>("Sum", x, axes, options); }
Tensor max(const Tensor &x, const Axes &axes, ReduceOptions options) { return reduce<ir::ReduceMaxOp>("Max", x, axes, options); }
Tensor min(const Tensor &x, const Axes &axes, ReduceOptions options) { return reduce<ir::ReduceMinOp>("Min", x, axes, options); }

Tensor mean(const Tensor &x, const Axes &axes, ReduceOptions options) {
  return op("Mean", {x}, [=](const Tensors &xs) {
    Tensor v = wrap(floating(xs[0]));
    Shape reduced;
    for (int64_t dim : dimsOf("mean", v, axes)) reduced.push_back(v.shape()[static_cast<size_t>(dim)]);
    Tensor total = sum(v, axes, options);
    if (std::all_of(reduced.begin(), reduced.end(), [](int64_t extent) { return extent == 1; })) return total;
    return total / elementCount(reduced, v.dtype());
  }, configOf("Mean", axes, options));
}

Tensor logsumexp(const Tensor &x, const Axes &axes, ReduceOptions options) {
  return op("Logsumexp", {x}, [=](const Tensors &xs) {
    Tensor v = wrap(floating(xs[0])), highest = max(v, axes, {.keepdims = true});
    // Infinite where all are: any other number serves then.
    Tensor shift = stop_gradient(where(abs(highest) < std::numeric_limits<double>::infinity(), highest, 0));
    Tensor total = log(sum(exp(v - shift), axes, {.keepdims = true})) + shift;
    if (options.keepdims) return total;
    Shape shape;
    std::vector<int64_t> dims = dimsOf("logsumexp", v, axes);
    for (int64_t d = 0; d < v.rank(); ++d)
      if (!std::binary_search(dims.begin(), dims.end(), d)) shape.push_back(v.shape()[static_cast<size_t>(d)]);
    return wrap(ir::ReshapeOp::create(trace::here().builder, trace::here().location(), trace::tensorType(shape, v.dtype()), value(total)));
  }, Json::object({{"axis", axes.list ? Json(*axes.list) : Json()}, {"keepdims", options.keepdims}}));
}

Tensor any(const Tensor &x, const Axes &axes, ReduceOptions options) {
  return op("Any", {x}, [=](const Tensors &xs) { return max(cast(cast(xs[0], DType::Bool), DType::Int32), axes, options) > 0; }, configOf("Any", axes, options));
}

Tensor argmax(const Tensor &x, int64_t axis) {
  return op("Argmax", {x}, [axis](const Tensors &xs) {
    int64_t dim = axisOf("argmax", xs[0], axis);
    return wrap(ir::ArgmaxOp::create(trace::here().builder, trace::here().location(), value(xs[0]), static_cast<uint64_t>(dim)));
  }, Json::object({{"axis", axis}, {"keepdims", false}}));
}

Tensor softmax(const Tensor &x, int64_t axis) { return softmaxLike<ir::SoftmaxOp>("Softmax", x, axis); }
Tensor log_softmax(const Tensor &x, int64_t axis) { return softmaxLike<ir::LogSoftmaxOp>("LogSoftmax", x, axis); }

} // namespace cornu
