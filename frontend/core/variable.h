// Variable: named state that compiled code reads and updates: weights, optimizer slots, metric totals, random states.
#pragma once

#include <memory>
#include <string>

#include "frontend/constraints/constraints.h"
#include "frontend/core/tensor.h"
#include "frontend/initializers/initializers.h"
#include "frontend/regularizers/regularizers.h"
#include "runtime/array.h"

namespace cornu {

/// What a variable is for.
enum class Role : uint8_t { Weight, State, Optimizer, Metric, Random };

/// A handle: copies are the same variable. One that is only declared (`Variable kernel;`) stands, with all its copies, for the
/// variable that is assigned to it first. Usable wherever a Tensor is.
class Variable {
public:
  Variable() : slot(std::make_shared<Slot>()) {}
  Variable(const Variable &) = default;
  Variable &operator=(const Variable &other);

  struct Options {
    Initializer initializer = "zeros";
    Regularizer regularizer = {};
    Constraint constraint = {};
    bool trainable = true;
    DType dtype = DType::Float32;
    Role role = Role::Weight;
  };
  /// A variable at its initial value. `path` is its name after the names of its layers: "dense/kernel".
  static Variable create(std::string name, std::string path, Shape shape, const Options &options);

  const std::string &name() const { return state().name; }       ///< "kernel"
  const std::string &path() const { return state().path; }       ///< "dense/kernel"
  const Shape &shape() const { return state().value.shape(); }
  DType dtype() const { return state().value.dtype(); }
  Role role() const { return state().role; }
  bool trainable() const { return state().trainable; }
  const Regularizer &regularizer() const { return state().regularizer; }
  const Constraint &constraint() const { return state().constraint; }
  const Initializer &initializer() const { return state().initializer; }
  /// The elements themselves: compiled code updates them in place.
  const Array &value() const { return state().value; }
  Array &value() { return state().value; }
  /// Copies `value` into the variable. UserError if the shape is another one.
  void assign(const Array &value);
  /// Every element becomes `number`.
  void fill(double number);

  explicit operator bool() const { return slot->state != nullptr; }
  bool operator==(const Variable &other) const { return slot->state == other.slot->state; }
  /// Identity, for maps.
  const void *id() const { return slot->state.get(); }

private:
  struct State {
    std::string name, path;
    Role role;
    bool trainable;
    Array value;
    Initializer initializer;
    Regularizer regularizer;
    Constraint constraint;
  };
  struct Slot {
    std::shared_ptr<State> state;
  };
  State &state() const;
  std::shared_ptr<Slot> slot;
};

} // namespace cornu
