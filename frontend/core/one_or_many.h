// One value or a list of them, as many arguments of Keras are.
#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include "frontend/saving/json.h"

namespace cornu {

/// `.axis = -1` or `.axis = {1, 2}`; configs keep the difference.
template <class T> class OneOrMany {
public:
  OneOrMany() = default;
  OneOrMany(T one) : items{one}, single(true) {}
  OneOrMany(std::initializer_list<T> many) : items(many) {}
  OneOrMany(std::vector<T> many) : items(std::move(many)) {}

  const std::vector<T> &list() const { return items; }
  bool isSingle() const { return single; }
  Json json() const { return single ? Json(items.front()) : Json(items); }
  static OneOrMany from(const Json &json) {
    auto read = [](const Json &item) {
      if constexpr (std::is_integral_v<T>) return static_cast<T>(item.asInt());
      else return static_cast<T>(item.asDouble());
    };
    if (!json.isList()) return OneOrMany(read(json));
    std::vector<T> many;
    for (const Json &item : json.asList()) many.push_back(read(item));
    return OneOrMany(std::move(many));
  }

private:
  std::vector<T> items;
  bool single = false;
};

} // namespace cornu
