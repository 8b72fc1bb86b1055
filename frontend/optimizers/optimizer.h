// Optimizer: how gradients change weights (keras.optimizers).
#pragma once

#include "frontend/core/variable.h"
#include "frontend/optimizers/schedules.h"

namespace cornu {

/// Constructor arguments that every optimizer has.
struct OptimizerOptions {
  LearningRate learning_rate = 0.001;
  std::optional<double> weight_decay = {};      ///< w -= w · weight_decay · learning_rate before each update
  std::optional<double> clipnorm = {};          ///< bound on the norm of each gradient
  std::optional<double> clipvalue = {};         ///< bound on each element
  std::optional<double> global_clipnorm = {};   ///< bound on the norm of all gradients together
  std::string name = "";
};

/// Derive from it, with an update of one weight; everything in it is compiled into the training step:
///
///     struct SignDescent : Optimizer {
///       SignDescent() : Optimizer("SignDescent", {.learning_rate = 0.01}) {}
///       Tensor update(const Weight &w, const Tensor &g, const Tensor &lr) override { return w.value - lr * sign(g); }
///     };
class Optimizer {
public:
  virtual ~Optimizer() = default;

  const std::string &class_name() const { return className; }
  const std::string &name() const { return given.name; }
  /// Constructor arguments by Keras's names.
  virtual Json get_config() const;
  /// UserError: an unknown class.
  static std::shared_ptr<Optimizer> from_config(const std::string &class_name, const Json &config);
  /// "rmsprop" or "RMSprop".
  static std::shared_ptr<Optimizer> named(const std::string &name);

  /// Makes the slots for these weights, once.
  void ensureBuilt(const std::vector<Variable> &weights);
  bool built() const { return state->built; }
  /// In Keras's order: iteration, learning_rate (unless it is a schedule), slots.
  std::vector<Variable> variables() const;
  /// Number of updates so far (int64).
  const Variable &iterations() const { return state->iteration; }
  /// UserError if the rate is a schedule.
  double learning_rate() const;
  void set_learning_rate(double rate);

  /// Emits the update of all weights and the step of `iterations`.
  void apply(const Tensors &gradients, const std::vector<Variable> &weights);

protected:
  Optimizer(std::string class_name, OptimizerOptions options);

  /// A weight within update(): its value after weight decay, and its position, by which slots are found.
  struct Weight {
    Tensor value;
    size_t index;
  };
  /// The value that the weight becomes. Slots are read as tensors and written with assign().
  virtual Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) = 0;
  /// Names of the state kept for each weight, one block of all weights after the other.
  virtual std::vector<std::string> slotNames() const { return {}; }
  /// A weight's state, by the position of its name in slotNames().
  const Variable &slot(size_t nameIndex, const Weight &weight) const { return state->slots[nameIndex][weight.index]; }

  OptimizerOptions given;

private:
  std::string className;
  struct State {
    bool built = false;
    Variable iteration, rate;
    std::vector<std::vector<Variable>> slots;
  };
  std::shared_ptr<State> state = std::make_shared<State>(); ///< shared by all copies: a copy of an optimizer is the same optimizer
};

/// What compile's `.optimizer` takes: a name or an optimizer.
class OptimizerArgument {
public:
  OptimizerArgument() = default;
  OptimizerArgument(const char *name) : optimizer(Optimizer::named(name)) {}
  OptimizerArgument(const std::string &name) : optimizer(Optimizer::named(name)) {}
  template <class O> requires std::derived_from<O, Optimizer>
  OptimizerArgument(const O &optimizer) : optimizer(std::make_shared<O>(optimizer)) {}
  OptimizerArgument(std::shared_ptr<Optimizer> optimizer) : optimizer(std::move(optimizer)) {}
  std::shared_ptr<Optimizer> optimizer;
};

/// Lets from_config make optimizers of a class.
struct OptimizerRegistration {
  using Maker = std::function<std::shared_ptr<Optimizer>(const Json &config)>;
  OptimizerRegistration(const std::string &class_name, Maker maker);
};

} // namespace cornu
