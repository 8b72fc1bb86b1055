// Numbers for the two ends of one or two spatial axes, as padding and cropping layers take them.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <vector>

#include "frontend/saving/json.h"

namespace cornu {

/// `1` (everywhere), `{before, after}` in one dimension; in two `{rows, columns}`, both ends alike, or `{{top, bottom}, {left, right}}`.
class Edges {
public:
  Edges(int64_t all) : all(all) {}
  Edges(std::initializer_list<int64_t> each) : each(each) {}
  Edges(std::initializer_list<std::array<int64_t, 2>> ends) : ends(ends) {}
  static Edges from(const Json &json);

  /// Both ends of each of `rank` axes, or nothing if that many were not given.
  std::vector<std::array<int64_t, 2>> over(size_t rank) const;

private:
  std::optional<int64_t> all;
  std::vector<int64_t> each;
  std::vector<std::array<int64_t, 2>> ends;
};

} // namespace cornu
