// Ops that move or rename elements.
#include "frontend/ops/emit.h"

#include <numeric>

namespace cornu {
using namespace ops;

Tensor reshape(const Tensor &x, const Shape &target) {
  return op("Reshape", {x}, [target](const Tensors &xs) {
    const Shape &from = xs[0].shape();
    auto wrong = [&] {
      return UserError("reshape: a tensor of shape " + shapeString(from) + " cannot be reshaped", "shape=" + shapeString(target));
    };
    bool dynamic = !from.empty() && from[0] < 0;
    Shape to = target;
    // Elements of one row of the batch, or of all where there is none.
    int64_t have = 1, want = 1, inferred = -1;
    for (size_t i = dynamic; i < from.size(); ++i) have *= from[i];
    for (size_t i = dynamic; i < to.size(); ++i)
      if (to[i] >= 0)
        want *= to[i];
      else if (inferred < 0)
        inferred = static_cast<int64_t>(i);
      else
        throw wrong();
    if (dynamic && (to.empty() || to[0] >= 0)) throw wrong();
    if (inferred >= 0) {
      if (want == 0 || have % want) throw wrong();
      int64_t &extent = to[static_cast<size_t>(inferred)];
      extent = have / want;
      if (extent < -1) throw wrong();   // a second batch must stay a dimension of its own
    } else if (have != want) {
      throw wrong();
    }
    mlir::Value v = value(xs[0]);
    if (to == from) return wrap(v);
    return wrap(ir::ReshapeOp::create(trace::here().builder, trace::here().location(), trace::tensorType(to, xs[0].dtype()), v));
  }, Json::object({{"newshape", Json::shape(target)}}));
}

Tensor transpose(const Tensor &x, const std::vector<int64_t> &axes) {
  return op("Transpose", {x}, [axes](const Tensors &xs) {
    std::vector<bool> seen(static_cast<size_t>(xs[0].rank()));
    bool valid = axes.size() == seen.size();
    for (int64_t axis : axes) valid = valid && axis >= 0 && axis < xs[0].rank() && !seen[static_cast<size_t>(axis)] && (seen[static_cast<size_t>(axis)] = true);
    if (!valid) throw UserError("transpose: axes must name each axis of the tensor once", shapeString(axes) + " for shape " + shapeString(xs[0].shape()));
    return wrap(ir::TransposeOp::create(trace::here().builder, trace::here().location(), value(xs[0]), axes));
  }, Json::object({{"axes", axes}}));
}

Tensor expand_dims(const Tensor &x, int64_t axis) {
  return op("ExpandDims", {x}, [axis](const Tensors &xs) {
    Shape shape = xs[0].shape();
    int64_t rank = xs[0].rank() + 1, at = axis < 0 ? axis + rank : axis;
    if (at < 0 || at >= rank) throw UserError("expand_dims: axis must be within the rank of the result", "axis=" + std::to_string(axis));
    shape.insert(shape.begin() + at, 1);
    return wrap(ir::ReshapeOp::create(trace::here().builder, trace::here().location(), trace::tensorType(shape, xs[0].dtype()), value(xs[0])));
  }, Json::object({{"axis", axis}}));
}

Tensor squeeze(const Tensor &x, int64_t axis) {
  return op("Squeeze", {x}, [axis](const Tensors &xs) {
    Shape shape = xs[0].shape();
    int64_t at = axisOf("squeeze", xs[0], axis);
    if (shape[static_cast<size_t>(at)] != 1) throw UserError("squeeze: the axis must have extent 1", "axis=" + std::to_string(axis) + " of shape " + shapeString(shape));
    shape.erase(shape.begin() + at);
    return wrap(ir::ReshapeOp::create(trace::here().builder, trace::here().location(), trace::tensorType(shape, xs[0].dtype()), value(xs[0])));
  }, Json::object({{"axis", axis}}));
}

Tensor flip(const Tensor &x, int64_t axis) {
  return op("Flip", {x}, [axis](const Tensors &xs) {
    int64_t dim = axisOf("flip", xs[0], axis);
    if (xs[0].dim(dim) < 0) throw UserError("flip: axis must not be the batch", "axis=" + std::to_string(axis) + " for shape " + shapeString(xs[0].shape()));
    mlir::Value v = value(xs[0]);
    return wrap(ir::ReverseOp::create(trace::here().builder, trace::here().location(), v.getType(), v, static_cast<uint64_t>(dim)));
  }, Json::object({{"axis", axis}}));
}

Tensor concatenate(const Tensors &xs, int64_t axis) {
  if (xs.empty()) throw UserError("concatenate takes at least one tensor", "none");
  return op("Concatenate", xs, [axis](const Tensors &parts) {
    int64_t dim = axisOf("concatenate", parts[0], axis);
    DType type = parts[0].dtype();
    std::string shapes;
    bool fit = true;
    for (const Tensor &part : parts) {
      shapes += (shapes.empty() ? "" : " and ") + shapeString(part.shape());
      fit = fit && part.rank() == parts[0].rank();
      for (int64_t i = 0; fit && i < part.rank(); ++i) fit = i == dim || part.dim(i) == parts[0].dim(i);
      if (sizeOf(part.dtype()) > sizeOf(type) || (isFloating(part.dtype()) && !isFloating(type))) type = part.dtype();
    }
    if (!fit) throw UserError("concatenate: all extents but that of axis " + std::to_string(axis) + " must be equal", shapes);
    if (parts[0].dim(dim) < 0) throw UserError("concatenate: the axis must not be the batch", "axis=" + std::to_string(axis));
    llvm::SmallVector<mlir::Value> values;
    for (const Tensor &part : parts) values.push_back(valueAs(part, type));
    return wrap(ir::ConcatenateOp::create(trace::here().builder, trace::here().location(), values, static_cast<uint64_t>(dim)));
  }, Json::object({{"axis", axis}}));
}

Tensor slice(const Tensor &x, int64_t axis, int64_t start, int64_t limit) {
  // As Keras writes x[:, start:limit].
  auto part = [](Json start, Json stop) {
    return Json::object({{"class_name", "__slice__"}, {"config", Json::object({{"start", start}, {"stop", stop}, {"step", nullptr}})}});
  };
  Json key = Json::list();
  for (int64_t i = 0, at = axisOf("slice", x, axis); i < x.rank(); ++i) key.push_back(i == at ? part(start, limit) : part(nullptr, nullptr));
  return op("GetItem", {x}, [=](const Tensors &xs) {
    int64_t dim = axisOf("slice", xs[0], axis), extent = xs[0].dim(dim);
    if (extent < 0 || start < 0 || start >= limit || limit > extent)
      throw UserError("slice: 0 <= start < limit <= extent must hold, and the axis must not be the batch",
                      "start=" + std::to_string(start) + ", limit=" + std::to_string(limit) + ", shape " + shapeString(xs[0].shape()));
    return wrap(ir::SliceOp::create(trace::here().builder, trace::here().location(), value(xs[0]), static_cast<uint64_t>(dim),
                                    static_cast<uint64_t>(start), static_cast<uint64_t>(limit), 1));
  }, Json::object(), Json::list({key}));
}

Tensor pad(const Tensor &x, const std::vector<std::array<int64_t, 2>> &pad_width) {
  Json config = Json::list();
  for (auto [before, after] : pad_width) config.push_back(Json(std::vector<int64_t>{before, after}));
  return op("Pad", {x}, [pad_width](const Tensors &xs) {
    bool fits = static_cast<int64_t>(pad_width.size()) == xs[0].rank();
    for (size_t i = 0; fits && i < pad_width.size(); ++i) {
      auto [before, after] = pad_width[i];
      fits = before >= 0 && after >= 0 && (xs[0].shape()[i] >= 0 || (before == 0 && after == 0));
    }
    if (!fits) throw UserError("pad: pad_width must have two numbers for each axis, not negative and 0 for the batch", "shape " + shapeString(xs[0].shape()));
    ir::ExprBuilder e = expressions();
    ir::Expr y = e(value(xs[0]));
    for (size_t i = pad_width.size(); i-- > 0;)
      if (pad_width[i] != std::array<int64_t, 2>{0, 0}) y = ir::pad(y, static_cast<int64_t>(i), pad_width[i][0], pad_width[i][1]);
    return wrap(y);
  }, Json::object({{"pad_width", config}}));
}

Tensor repeat(const Tensor &x, int64_t repeats, int64_t axis) {
  return op("Repeat", {x}, [=](const Tensors &xs) {
    int64_t at = axisOf("repeat", xs[0], axis);
    if (repeats < 1 || xs[0].dim(at) < 0)
      throw UserError("repeat: repeats must be positive, and the axis not the batch", "repeats=" + std::to_string(repeats) + ", axis=" + std::to_string(axis));
    Shape apart = xs[0].shape(), joined = xs[0].shape();
    apart.insert(apart.begin() + at + 1, 1);
    Tensor y = reshape(xs[0], apart);
    apart[static_cast<size_t>(at) + 1] = repeats;
    joined[static_cast<size_t>(at)] *= repeats;
    return reshape(broadcast_to(y, apart), joined);
  }, Json::object({{"repeats", repeats}, {"axis", axis}}));
}

Tensor broadcast_to(const Tensor &x, const Shape &shape) {
  return op("BroadcastTo", {x}, [shape](const Tensors &xs) {
    if (broadcast("broadcast_to", xs[0].shape(), shape) != shape)
      throw UserError("broadcast_to: the tensor must broadcast to the shape", shapeString(xs[0].shape()) + " to " + shapeString(shape));
    mlir::Value v = value(xs[0]);
    if (xs[0].shape() == shape) return wrap(v);
    return wrap(ir::BroadcastToOp::create(trace::here().builder, trace::here().location(), trace::tensorType(shape, xs[0].dtype()), v));
  }, Json::object({{"shape", Json::shape(shape)}}));
}

Tensor one_hot(const Tensor &x, int64_t num_classes, DType dtype) {
  return op("OneHot", {x}, [=](const Tensors &xs) {
    trace::Trace &t = trace::here();
    Tensor ids = cast(xs[0], DType::Int32);
    auto classes = ir::IotaOp::create(t.builder, t.location(), trace::tensorType({num_classes}, DType::Int32), 0);
    return cast(equal(expand_dims(ids, -1), t.wrap(classes)), dtype);
  }, Json::object({{"num_classes", num_classes}, {"axis", -1}, {"dtype", std::string(nameOf(dtype))}, {"sparse", false}}));
}

Tensor zeros(const Shape &shape, DType dtype) { return broadcast_to(cast(Tensor(0), dtype), shape); }

namespace {
Tensor filledLike(const char *name, const Tensor &x, double number, std::optional<DType> dtype) {
  return op(name, {x}, [=](const Tensors &xs) { return broadcast_to(cast(Tensor(number), dtype.value_or(xs[0].dtype())), xs[0].shape()); },
            Json::object({{"dtype", dtype ? Json(std::string(nameOf(*dtype))) : Json()}}));
}
} // namespace

Tensor zeros_like(const Tensor &x, std::optional<DType> dtype) { return filledLike("ZerosLike", x, 0, dtype); }
Tensor ones_like(const Tensor &x, std::optional<DType> dtype) { return filledLike("OnesLike", x, 1, dtype); }

Tensor batch_size() {
  trace::Trace &t = trace::here();
  return t.wrap(ir::BatchSizeOp::create(t.builder, t.location(), trace::tensorType({}, DType::Int64)));
}

} // namespace cornu
