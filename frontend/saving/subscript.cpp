#include "frontend/saving/subscript.h"

#include <algorithm>

#include "frontend/ops/ops.h"

namespace cornu::saving {
namespace {
bool isNamed(const Json &part, const char *name) { return part.isObject() && part.get("class_name") == Json(name); }
} // namespace

Tensor subscript(const Tensor &x, const Json &key) {
  Json::List parts = key.isList() ? key.asList() : Json::List{key};
  auto isEllipsis = [](const Json &part) { return isNamed(part, "__ellipsis__"); };
  auto wrong = [&](const std::string &rule) { return UserError("get_item: " + rule, key.dump() + " for shape " + shapeString(x.shape())); };
  auto taken = std::count_if(parts.begin(), parts.end(), [&](const Json &part) { return !part.isNull() && !isEllipsis(part); });
  if (taken > x.rank()) throw wrong("a key must not have more parts than the tensor has axes");
  if (std::count_if(parts.begin(), parts.end(), isEllipsis) > 1) throw wrong("a key must not have two ellipses");

  Tensor y = x;
  int64_t axis = 0;
  for (const Json &part : parts) {
    if (isEllipsis(part)) {
      axis += x.rank() - taken;
      continue;
    }
    if (part.isNull()) {
      y = expand_dims(y, axis++);
      continue;
    }
    int64_t extent = y.dim(axis);
    auto position = [&](const Json &json, int64_t fallback) {
      if (json.isNull()) return fallback;
      int64_t i = json.asInt();
      return i < 0 ? i + extent : i;
    };
    if (isNamed(part, "__slice__")) {
      const Json &bounds = part.at("config");
      if (const Json &step = bounds.get("step"); !step.isNull() && step != Json(1)) throw wrong("a slice must have the step 1");
      bool whole = bounds.get("start").isNull() && bounds.get("stop").isNull();
      if (!whole && extent < 0) throw wrong("the batch cannot be cut");
      if (!whole) {
        int64_t start = std::clamp<int64_t>(position(bounds.get("start"), 0), 0, extent), stop = std::clamp<int64_t>(position(bounds.get("stop"), extent), 0, extent);
        if (start >= stop) throw wrong("a slice must leave something");
        if (start > 0 || stop < extent) y = slice(y, axis, start, stop);
      }
      ++axis;
    } else {
      if (!part.isInt()) throw wrong("a part of a key must be a slice, an index, null or an ellipsis");
      int64_t i = position(part, 0);
      if (extent < 0) throw wrong("the batch cannot be cut");
      if (i < 0 || i >= extent) throw wrong("an index must be within its axis");
      y = squeeze(slice(y, axis, i, i + 1), axis);
    }
  }
  return y;
}

} // namespace cornu::saving
