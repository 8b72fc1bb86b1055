// Component: a function with a Keras class name and a config. Initializers, regularizers, constraints, activations, losses and
// metrics are components: an option takes a name, an object, or a lambda, and all three become one of these.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/saving/json.h"
#include "runtime/errors.h"

namespace cornu {

/// The shared, immutable inside of a component.
template <class Signature> struct ComponentState {
  std::string class_name;            ///< Keras's: "GlorotUniform"; "" for a lambda
  Json config;                       ///< constructor arguments by Keras's names
  std::function<Signature> function;
};

/// Makers by every spelling Keras accepts. `kind` is the word for messages: "initializer".
template <class T> class ComponentTable {
public:
  using Maker = std::function<T(const Json &config)>;
  explicit ComponentTable(std::string kind) : kind(std::move(kind)) {}

  /// `class_name` as in configs; `names` as users write them, the first being the one that messages list.
  void add(const std::string &class_name, std::vector<std::string> names, Maker maker) {
    listed.push_back(names.empty() ? class_name : names.front());
    for (const std::string &name : names) makers[name] = maker;
    makers[class_name] = std::move(maker);
  }
  T make(std::string_view name, const Json &config) const {
    auto found = makers.find(std::string(name));
    if (found != makers.end()) return found->second(config);
    std::string nearest = closestName(name, listed);
    throw UserError("unknown " + kind + " '" + std::string(name) + "'." + (nearest.empty() ? "" : " Did you mean '" + nearest + "'?") +
                    " Known: " + quotedList(listed));
  }
  bool knows(std::string_view name) const { return makers.contains(std::string(name)); }

private:
  std::string kind;
  std::vector<std::string> listed;
  std::map<std::string, Maker> makers;
};

} // namespace cornu
