// Variables whose values a file holds. Internal.
#pragma once

#include <cstddef>

namespace cornu {

/// While it lives, layers that this thread makes get their weights from a file. The weights stay zero, since initial values would be overwritten (and cost more
/// than to read the file: an orthogonal matrix is a decomposition). Variables may not take more than `bytes` in all: the config of a hostile file can
/// ask for any size. UserError when they would.
class VariableBudget {
public:
  explicit VariableBudget(size_t bytes);
  ~VariableBudget();
  VariableBudget(const VariableBudget &) = delete;

  /// Takes the bytes of a variable from the innermost budget, if there is one.
  static void spend(size_t bytes);
  static bool active();

private:
  size_t left;
  VariableBudget *outer;
};

} // namespace cornu
