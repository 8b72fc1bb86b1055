// A bound on the memory of variables. Internal.
#pragma once

#include <cstddef>

namespace cornu {

/// While it lives, the variables that this thread makes may not take more than `bytes` in all: the config of a hostile file can ask for
/// any size. UserError when they would.
class VariableBudget {
public:
  explicit VariableBudget(size_t bytes);
  ~VariableBudget();
  VariableBudget(const VariableBudget &) = delete;

  /// Takes the bytes of a variable from the innermost budget, if there is one.
  static void spend(size_t bytes);

private:
  size_t left;
  VariableBudget *outer;
};

} // namespace cornu
