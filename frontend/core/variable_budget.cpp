#include "frontend/core/variable_budget.h"

#include "runtime/errors.h"

namespace cornu {

static thread_local VariableBudget *current = nullptr;

VariableBudget::VariableBudget(size_t bytes) : left(bytes), outer(current) { current = this; }
VariableBudget::~VariableBudget() { current = outer; }

bool VariableBudget::active() { return current; }

void VariableBudget::spend(size_t bytes) {
  if (!current) return;
  if (bytes > current->left) throw UserError("the config asks for larger weights than the file holds");
  current->left -= bytes;
}

} // namespace cornu
