// Component: a function with a Keras class name and a config. Initializers, regularizers, constraints, activations, losses and
// metrics are components: an option takes a name, an object, or a lambda, and all three become one of these.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/saving/json.h"
#include "runtime/errors.h"

namespace cornu {

/// How files name what a user wrote and registered: "Custom>huberish". Keras finds there what `@register_keras_serializable(package)` decorates.
struct RegisterOptions {
  std::string package = "Custom";
};

/// What components have in common. The inside is shared and immutable.
template <class F> class Component {
public:
  using Signature = F;
  /// Class name of a function that was registered: its config is its name, "Custom>huberish".
  static constexpr const char *functionClass = "function";

  Component() = default;
  Component(std::string class_name, Json config, std::function<Signature> function)
      : state(std::make_shared<State>(State{std::move(class_name), std::move(config), std::move(function)})) {}

  explicit operator bool() const { return state != nullptr; }
  /// Keras's: "GlorotUniform"; "" for a lambda.
  const std::string &class_name() const { return state->class_name; }
  /// Constructor arguments by Keras's names.
  const Json &get_config() const { return state->config; }

protected:
  struct State {
    std::string class_name;
    Json config;
    std::function<Signature> function;
  };
  std::shared_ptr<const State> state;
};

/// Classes by every spelling that Keras accepts, and those that a user registered. `kind` is the word for messages: "initializer".
template <class Maker> class ClassTable {
public:
  explicit ClassTable(std::string kind) : kind(std::move(kind)) {}

  /// `class_name` as in configs; `names` as users write them, the first being the one that messages list.
  void add(const std::string &class_name, std::vector<std::string> names, Maker maker) {
    listed.push_back(names.empty() ? class_name : names.front());
    for (const std::string &name : names) makers[name] = maker;
    makers[class_name] = std::move(maker);
  }
  /// A user's class or function: found by its name, and by that with the package. One registered before under the same name gives way.
  void addOwn(const std::string &name, const RegisterOptions &options, Maker maker) {
    if (name.empty() || name.find('>') != std::string::npos) throw UserError("a registered " + kind + " must have a name without '>'", "'" + name + "'");
    if (makers.contains(name) && !registered.contains(name)) throw UserError("a registered " + kind + " must not have the name of Keras's own", "'" + name + "'");
    if (!registered.contains(name)) listed.push_back(name);
    registered[name] = options.package + ">" + name;
    makers[options.package + ">" + name] = maker;
    makers[name] = std::move(maker);
  }
  /// UserError with the nearest name for one that is not known.
  const Maker &find(std::string_view name) const {
    auto found = makers.find(std::string(name));
    if (found != makers.end()) return found->second;
    std::string nearest = closestName(name, listed), identifier = kind;
    std::replace(identifier.begin(), identifier.end(), ' ', '_');
    throw UserError("unknown " + kind + " '" + std::string(name) + "'." + (nearest.empty() ? "" : " Did you mean '" + nearest + "'?") + " Known: " + quotedList(listed) +
                    ". One of your own must first be registered: register_" + identifier);
  }
  bool knows(std::string_view name) const { return makers.contains(std::string(name)); }
  /// Whether a name, with its package or without, is a user's.
  bool isOwn(std::string_view name) const { return registered.contains(std::string(name.substr(name.find('>') + 1))); }
  /// "Custom>Huberish" for a user's class, also for one that was not registered; "" for Keras's own.
  std::string registeredName(const std::string &class_name) const {
    if (auto own = registered.find(class_name); own != registered.end()) return own->second;
    return makers.contains(class_name) ? "" : RegisterOptions().package + ">" + class_name;
  }
  /// Under which name to look up the class of an envelope: with the package where that is known.
  std::string keyOf(const Json &envelope) const {
    const Json &full = envelope.get("registered_name");
    return full.isString() && full.asString().find('>') != std::string::npos && knows(full.asString()) ? full.asString() : envelope.at("class_name").asString();
  }

private:
  std::string kind;
  std::vector<std::string> listed;
  std::map<std::string, Maker> makers;
  std::map<std::string, std::string> registered;
};

template <class T> using ComponentTable = ClassTable<std::function<T(const Json &config)>>;

/// What register_loss and its like do with a function: a component that files name "Custom>huberish".
template <class T> T registerFunction(const std::string &name, std::function<typename T::Signature> function, const RegisterOptions &options) {
  T component(T::functionClass, Json(options.package + ">" + name), std::move(function));
  T::classes().addOwn(name, options, [component](const Json &) { return component; });
  return component;
}

} // namespace cornu
