#include "frontend/layers/edges.h"

namespace cornu {

Edges Edges::from(const Json &json) {
  if (!json.isList()) return Edges(json.asInt());
  Edges edges = std::initializer_list<int64_t>{};
  for (const Json &item : json.asList())
    if (!item.isList())
      edges.each.push_back(item.asInt());
    else if (item.size() == 2)
      edges.ends.push_back({item.asList()[0].asInt(), item.asList()[1].asInt()});
  return edges;
}

std::vector<std::array<int64_t, 2>> Edges::over(size_t rank) const {
  if (all) return std::vector<std::array<int64_t, 2>>(rank, {*all, *all});
  if (ends.size() == rank && each.empty()) return ends;
  if (each.size() != 2) return {};
  if (rank == 1) return {{each[0], each[1]}};
  return {{each[0], each[0]}, {each[1], each[1]}};
}

} // namespace cornu
