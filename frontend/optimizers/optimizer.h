// Optimizer: how gradients change weights (keras.optimizers).
#pragma once

#include "frontend/core/variable.h"
#include "frontend/optimizers/schedules.h"

namespace cornu {

/// The arguments that end every optimizer's list, after learning_rate, its own and weight_decay: bounds on the norm of each gradient, on
/// each element, on the norm of all gradients together (one of the three at most); a running mean of the weights, which replaces them every
/// ema_overwrite_frequency updates, or without a frequency at the end of fit; a factor on the loss whose gradient is divided by it again, which
/// keeps small gradients from underflow; one update for the mean of several batches' gradients.
#define CORNU_OPTIMIZER_OPTIONS                                                                                                                \
  std::optional<double> clipnorm = {};                                                                                                         \
  std::optional<double> clipvalue = {};                                                                                                        \
  std::optional<double> global_clipnorm = {};                                                                                                  \
  bool use_ema = false;                                                                                                                        \
  double ema_momentum = 0.99;                                                                                                                  \
  std::optional<int64_t> ema_overwrite_frequency = {};                                                                                         \
  std::optional<double> loss_scale_factor = {};                                                                                                \
  std::optional<int64_t> gradient_accumulation_steps = {};                                                                                     \
  std::string name = ""

/// Constructor arguments that every optimizer has.
struct OptimizerOptions {
  LearningRate learning_rate = 0.001;
  std::optional<double> weight_decay = {};      ///< w -= w · weight_decay · learning_rate before each update
  CORNU_OPTIMIZER_OPTIONS;

  /// Those among an optimizer's options.
  template <class O> static OptimizerOptions of(const O &o) {
    return {o.learning_rate, o.weight_decay, o.clipnorm, o.clipvalue, o.global_clipnorm, o.use_ema, o.ema_momentum, o.ema_overwrite_frequency,
            o.loss_scale_factor, o.gradient_accumulation_steps, o.name};
  }
  static OptimizerOptions from_config(const Json &config, OptimizerOptions defaults);
  /// An optimizer's options with these among them.
  template <class O> O within(O o) const {
    o.learning_rate = learning_rate, o.weight_decay = weight_decay, o.clipnorm = clipnorm, o.clipvalue = clipvalue, o.global_clipnorm = global_clipnorm;
    o.use_ema = use_ema, o.ema_momentum = ema_momentum, o.ema_overwrite_frequency = ema_overwrite_frequency, o.loss_scale_factor = loss_scale_factor;
    o.gradient_accumulation_steps = gradient_accumulation_steps, o.name = name;
    return o;
  }
  /// An optimizer's options, those that every optimizer has read from a config.
  template <class O> static O read(const Json &config) { return from_config(config, of(O())).within(O()); }
};

/// Weights that weight_decay leaves alone: these, and those in whose name ("kernel", "bias") one of the patterns (ECMAScript) is found.
struct WeightDecayExclusion {
  std::vector<Variable> var_list = {};
  std::vector<std::string> var_names = {};
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
  /// As files hold it: {"module", "class_name", "config", "registered_name"}.
  Json serialize() const;
  /// The other way, and from a name. UserError: an unknown class.
  static std::shared_ptr<Optimizer> deserialize(const Json &envelope);
  static std::shared_ptr<Optimizer> from_config(const std::string &class_name, const Json &config);
  /// "rmsprop" or "RMSprop".
  static std::shared_ptr<Optimizer> named(const std::string &name);

  /// Makes the slots for these weights, once.
  void ensureBuilt(const std::vector<Variable> &weights);
  bool built() const { return state->built; }
  /// In Keras's order: iteration, learning_rate (unless it is a schedule), running means, accumulated gradients, slots, shared state.
  std::vector<Variable> variables() const;
  /// The same, as if it had been built for the weights in another order: `order` holds their positions.
  std::vector<Variable> variables(const std::vector<size_t> &order) const;
  /// How many variables at the end of variables() belong to no weight.
  size_t sharedCount() const { return shared.size(); }
  /// Number of steps so far (int64), those counted that only accumulated.
  const Variable &iterations() const { return state->iteration; }
  /// The rate of the next step.
  double learning_rate() const;
  /// Holds from the next step. UserError if the rate is a schedule.
  void set_learning_rate(double rate);
  /// The running means of the weights, in their order; none without use_ema or before the first training.
  const std::vector<Variable> &averages() const { return state->averages; }

  /// Before the first training. UserError after it, and for a pattern that is none.
  void exclude_from_weight_decay(const WeightDecayExclusion &exclusion);

  /// The loss times loss_scale_factor: what gradients for apply() are taken of.
  Tensor scale_loss(const Tensor &loss) const;
  /// Emits the update of the weights that have a gradient and the step of `iterations`.
  void apply(const Tensors &gradients, const std::vector<Variable> &weights);
  /// At the end of fit: with use_ema the weights become their running means.
  void finalize_variable_values(const std::vector<Variable> &weights) const;

protected:
  Optimizer(std::string class_name, OptimizerOptions options);

  /// A weight within update(): its value after weight decay, its position, by which slots are found, and the update's number, from 1
  /// (a float32 scalar).
  struct Weight {
    Tensor value;
    size_t index;
    Tensor step;
  };
  /// The value that the weight becomes. Slots are read as tensors and written with assign().
  virtual Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) = 0;
  /// Called once before the updates of all weights: for shared state.
  virtual void begin(const Tensor &) {}
  /// Names of the state kept for each weight.
  virtual std::vector<std::string> slotNames() const { return {}; }
  /// The first so many slots are stored weight by weight; each of the others in a block of all weights.
  virtual size_t interleavedSlots() const { return 0; }
  virtual double initialValue(size_t) const { return 0; }
  /// A weight's state, by the position of its name in slotNames().
  const Variable &slot(size_t nameIndex, const Weight &weight) const { return state->slots[nameIndex][weight.index]; }

  OptimizerOptions given;
  std::vector<Variable> shared; ///< state of all weights together, made by the constructor

private:
  std::vector<Variable> block(const std::vector<Variable> &weights, const std::string &slotName, double initial) const;
  bool decays(const Variable &weight) const;

  std::string className;
  struct State {
    bool built = false;
    Variable iteration, rate;
    WeightDecayExclusion undecayed;
    std::vector<Variable> averages, accumulated;
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

/// Lets from_config make optimizers of a class of Keras's.
struct OptimizerRegistration {
  using Maker = std::function<std::shared_ptr<Optimizer>(const Json &config)>;
  OptimizerRegistration(const std::string &class_name, Maker maker);
};

/// Makes an optimizer of one's own known by its class name, so that files can name it and `from_config` finds it:
/// `register_optimizer("SignDescent", [](const Json &config) { return std::make_shared<SignDescent>(); })`.
void register_optimizer(const std::string &class_name, OptimizerRegistration::Maker maker, const RegisterOptions &options = {});

} // namespace cornu
