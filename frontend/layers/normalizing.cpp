#include "frontend/layers/normalizing.h"

#include <algorithm>

namespace cornu {

std::vector<int64_t> featureAxes(const BaseLayer &layer, const std::vector<int64_t> &axes, const Shape &input) {
  std::vector<int64_t> counted;
  auto rank = static_cast<int64_t>(input.size());
  for (int64_t axis : axes) {
    int64_t i = axis < 0 ? axis + rank : axis;
    if (i < 0 || i >= rank) layer.fail("axis must be within the rank of the input", "axis=" + std::to_string(axis) + " for " + shapeString(input));
    if (input[static_cast<size_t>(i)] < 0) layer.fail("axis must not be the batch", "axis=" + std::to_string(axis) + " for " + shapeString(input));
    counted.push_back(i);
  }
  std::sort(counted.begin(), counted.end());
  if (std::adjacent_find(counted.begin(), counted.end()) != counted.end()) layer.fail("axis must name each axis once", shapeString(axes));
  return counted;
}

Shape extentsAt(const Shape &input, const std::vector<int64_t> &axes) {
  Shape extents;
  for (int64_t axis : axes) extents.push_back(input[static_cast<size_t>(axis)]);
  return extents;
}

Tensor along(const Variable &parameter, const Shape &input, const std::vector<int64_t> &axes) {
  // The last axes broadcast by themselves.
  bool trailing = !axes.empty() && axes.front() + static_cast<int64_t>(axes.size()) == static_cast<int64_t>(input.size());
  if (trailing || axes.empty()) return parameter;
  Shape shape(input.size(), 1);
  for (int64_t axis : axes) shape[static_cast<size_t>(axis)] = input[static_cast<size_t>(axis)];
  return reshape(parameter, shape);
}

} // namespace cornu
