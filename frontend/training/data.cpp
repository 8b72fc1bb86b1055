#include "frontend/training/data.h"

#include <algorithm>

namespace cornu {

std::vector<Array> Data::resolve(const std::string &what, const std::vector<std::string> &names) const {
  if (named.empty()) {
    if (list.size() != names.size())
      throw UserError(what + " must have " + std::to_string(names.size()) + (names.size() == 1 ? " array" : " arrays") + " (" + quotedList(names) + ")",
                      std::to_string(list.size()));
    return list;
  }
  std::vector<Array> ordered(names.size());
  std::vector<bool> found(names.size());
  for (const auto &[name, array] : named) {
    auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) {
      std::string nearest = closestName(name, names);
      throw UserError(what + " has no place for '" + name + "'." + (nearest.empty() ? "" : " Did you mean '" + nearest + "'?") + " Known: " + quotedList(names));
    }
    ordered[static_cast<size_t>(at - names.begin())] = array;
    found[static_cast<size_t>(at - names.begin())] = true;
  }
  for (size_t i = 0; i < names.size(); ++i)
    if (!found[i]) throw UserError(what + " lacks '" + names[i] + "'. Known: " + quotedList(names));
  return ordered;
}

} // namespace cornu
