// Arrays for a model's inputs or targets.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/array.h"

namespace cornu {

/// One Array · {a, b} in the model's order · {{"main_input", a}, {"aux_input", b}}
class Data {
public:
  Data() = default;
  Data(Array one) : list{std::move(one)} {}
  Data(std::initializer_list<Array> inOrder) : list(inOrder) {}
  Data(std::initializer_list<std::pair<std::string, Array>> byName) : named(byName) {}
  Data(std::vector<Array> inOrder) : list(std::move(inOrder)) {}
  Data(std::vector<std::pair<std::string, Array>> byName) : named(std::move(byName)) {}

  bool given() const { return !list.empty() || !named.empty(); }
  /// The array, if there is just one and it has no name.
  const Array *single() const { return named.empty() && list.size() == 1 ? &list.front() : nullptr; }
  /// In the order of `names`. `what` starts the message of the UserError: "fit: x".
  std::vector<Array> resolve(const std::string &what, const std::vector<std::string> &names) const;

private:
  std::vector<Array> list;
  std::vector<std::pair<std::string, Array>> named;
};

} // namespace cornu
