#include "frontend/core/variable.h"

#include <cstring>

#include "frontend/core/variable_budget.h"

namespace cornu {

Variable &Variable::operator=(const Variable &other) {
  if (slot == other.slot) return *this;
  if (!slot->state && other.slot->state)
    slot->state = other.slot->state; // a declaration: every copy of it now stands for `other`
  else
    slot = other.slot;
  return *this;
}

Variable::State &Variable::state() const {
  if (!slot->state)
    throw UserError("a Variable must be made by add_weight in the layer's build before it is used", "a Variable that was only declared");
  return *slot->state;
}

Variable Variable::create(std::string name, std::string path, Shape shape, const Options &options) {
  for (int64_t extent : shape)
    if (extent < 0) throw UserError("Variable '" + path + "': every extent of a shape must be known", "shape=" + shapeString(shape));
  size_t bytes = sizeOf(options.dtype);
  for (int64_t extent : shape)
    if (__builtin_mul_overflow(bytes, static_cast<size_t>(extent), &bytes))
      throw UserError("Variable '" + path + "': the shape has more elements than memory can hold", "shape=" + shapeString(shape));
  VariableBudget::spend(bytes);
  Variable variable;
  variable.slot->state = std::make_shared<State>(State{std::move(name), std::move(path), options.role, options.trainable,
                                                       options.initializer(shape, options.dtype), options.initializer,
                                                       options.regularizer, options.constraint});
  return variable;
}

void Variable::assign(const Array &value) {
  State &s = state();
  if (value.shape() != s.value.shape())
    throw UserError("Variable '" + s.path + "' has shape " + shapeString(s.value.shape()) + ", and so must the value assigned to it",
                    "shape=" + shapeString(value.shape()));
  Array converted = value.astype(s.value.dtype());
  std::memmove(s.value.raw(), converted.raw(), s.value.bytes());
}

void Variable::fill(double number) {
  Array &array = state().value;
  for (int64_t i = 0; i < array.size(); ++i) array.set(i, number);
}

} // namespace cornu
