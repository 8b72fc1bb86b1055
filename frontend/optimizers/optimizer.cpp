#include "frontend/optimizers/optimizer.h"

#include <algorithm>
#include <regex>

#include "frontend/core/config.h"
#include "frontend/core/names.h"
#include "frontend/ops/rows.h"
#include "frontend/run/Executable.h"
#include "frontend/trace/Trace.h"

namespace cornu {

Optimizer::Optimizer(std::string class_name, OptimizerOptions options) : given(std::move(options)), className(std::move(class_name)) {
  if (given.name.empty()) given.name = snakeCase(className);
  int clips = given.clipnorm.has_value() + given.clipvalue.has_value() + given.global_clipnorm.has_value();
  if (clips > 1) throw UserError(className + ": only one of clipnorm, clipvalue and global_clipnorm may be given", std::to_string(clips) + " of them");
  if (given.gradient_accumulation_steps && *given.gradient_accumulation_steps < 2)
    throw UserError(className + ": gradient_accumulation_steps must be at least 2", "gradient_accumulation_steps=" + std::to_string(*given.gradient_accumulation_steps));
  if (given.use_ema && !(given.ema_momentum >= 0 && given.ema_momentum <= 1))
    throw UserError(className + ": ema_momentum must be in [0, 1]", "ema_momentum=" + pythonRepr(given.ema_momentum));
  if (given.use_ema && given.ema_overwrite_frequency && *given.ema_overwrite_frequency < 1)
    throw UserError(className + ": ema_overwrite_frequency must be positive", "ema_overwrite_frequency=" + std::to_string(*given.ema_overwrite_frequency));
  state->iteration = Variable::create("iteration", given.name + "/iteration", {}, {.trainable = false, .dtype = DType::Int64, .role = Role::Optimizer});
  if (!given.learning_rate.isSchedule())
    state->rate = Variable::create("learning_rate", given.name + "/learning_rate", {},
                                    {.initializer = initializers::Constant(given.learning_rate.value()), .trainable = false, .role = Role::Optimizer});
}

void Optimizer::ensureBuilt(const std::vector<Variable> &weights) {
  if (state->built) {
    const std::vector<Variable> *first = !state->averages.empty()      ? &state->averages
                                         : !state->accumulated.empty() ? &state->accumulated
                                         : !state->slots.empty()       ? &state->slots[0]
                                                                       : nullptr;
    bool same = !first || first->size() == weights.size();
    for (size_t i = 0; same && first && i < weights.size(); ++i) same = (*first)[i].shape() == weights[i].shape();
    if (!same) throw UserError("Optimizer '" + name() + "' keeps state for the weights it was built for and cannot update others; compile with a new one");
    return;
  }
  state->built = true;
  if (given.use_ema) state->averages = block(weights, "average", 0);
  if (given.gradient_accumulation_steps) state->accumulated = block(weights, "gradient_accumulator", 0);
  std::vector<std::string> names = slotNames();
  for (size_t i = 0; i < names.size(); ++i) state->slots.push_back(block(weights, names[i], initialValue(i)));
}

std::vector<Variable> Optimizer::block(const std::vector<Variable> &weights, const std::string &slotName, double initial) const {
  std::vector<Variable> made;
  for (const Variable &w : weights) {
    std::string full = w.path() + "_" + slotName;
    std::replace(full.begin(), full.end(), '/', '_');
    made.push_back(Variable::create(full, name() + "/" + full, w.shape(),
                                    {.initializer = initializers::Constant(initial), .trainable = false, .dtype = w.dtype(), .role = Role::Optimizer}));
  }
  return made;
}

std::vector<Variable> Optimizer::variables() const {
  std::vector<size_t> order;
  size_t count = !state->averages.empty() ? state->averages.size() : !state->accumulated.empty() ? state->accumulated.size() : state->slots.empty() ? 0 : state->slots[0].size();
  for (size_t i = 0; i < count; ++i) order.push_back(i);
  return variables(order);
}

std::vector<Variable> Optimizer::variables(const std::vector<size_t> &order) const {
  std::vector<Variable> all = {state->iteration};
  if (state->rate) all.push_back(state->rate);
  auto append = [&](const std::vector<Variable> &block) {
    for (size_t i : order) all.push_back(block[i]);
  };
  if (!state->averages.empty()) append(state->averages);
  if (!state->accumulated.empty()) append(state->accumulated);
  size_t interleaved = state->slots.empty() ? 0 : interleavedSlots();
  if (interleaved)
    for (size_t i : order)
      for (size_t s = 0; s < interleaved; ++s) all.push_back(state->slots[s][i]);
  for (size_t s = interleaved; s < state->slots.size(); ++s) append(state->slots[s]);
  // Keras makes it with the slots.
  if (state->built) all.insert(all.end(), shared.begin(), shared.end());
  return all;
}

double Optimizer::learning_rate() const {
  if (state->rate) return state->rate.value().at(0);
  trace::Trace t;
  t.begin("learning_rate", {}, /*training=*/false);
  Tensor rate = given.learning_rate(cast(state->iteration, DType::Float32));
  t.end({t.wrap(t.value(rate, trace::tensorType({}, DType::Float32)))}, {"learning_rate"});
  std::vector<Variable> variables = t.variables();
  Array value(Shape{}, DType::Float32);
  void *result = value.raw();
  run::interpret({t.take(), "learning_rate", std::move(variables)})->run(nullptr, &result, 1);
  return value.at(0);
}
void Optimizer::set_learning_rate(double rate) {
  if (!state->rate) throw UserError("Optimizer '" + name() + "': the learning rate is a schedule and cannot be set");
  Variable(state->rate).fill(rate);
}

namespace {
Tensors clipped(const Tensors &gradients, const OptimizerOptions &given) {
  Tensors grads = gradients;
  auto each = [&](auto change) {
    for (Tensor &g : grads)
      if (g) g = change(g);
  };
  if (given.clipvalue) each([&](const Tensor &g) { return clip(g, -*given.clipvalue, *given.clipvalue); });
  if (given.clipnorm) each([&](const Tensor &g) { return g * (*given.clipnorm / maximum(sqrt(sum(square(g))), *given.clipnorm)); });
  if (given.global_clipnorm) {
    Tensor total;
    for (const Tensor &g : grads)
      if (g) total = total ? total + cast(sum(square(g)), DType::Float32) : cast(sum(square(g)), DType::Float32);
    Tensor scale = *given.global_clipnorm / maximum(sqrt(total), *given.global_clipnorm);
    // Rows count in the norm one by one; scaling adds them up, in Keras too.
    each([&](const Tensor &g) { return ops::asTable(g) * cast(scale, g.dtype()); });
  }
  return grads;
}

/// Whether the count, an integer as float64, is a multiple of n.
Tensor isMultiple(const Tensor &count, int64_t n) { return equal(floor(count / n) * n, count); }
} // namespace

void Optimizer::exclude_from_weight_decay(const WeightDecayExclusion &exclusion) {
  if (state->built) throw UserError("Optimizer '" + name() + "': exclude_from_weight_decay must be called before the optimizer has trained a model");
  for (const std::string &pattern : exclusion.var_names) {
    try {
      std::regex checked(pattern);
    } catch (const std::regex_error &) {
      throw UserError("Optimizer '" + name() + "': var_names must be regular expressions", "'" + pattern + "'");
    }
  }
  state->undecayed = exclusion;
}

bool Optimizer::decays(const Variable &weight) const {
  const auto &[listed, patterns] = state->undecayed;
  return given.weight_decay && std::find(listed.begin(), listed.end(), weight) == listed.end() &&
         std::none_of(patterns.begin(), patterns.end(), [&](const std::string &pattern) { return std::regex_search(weight.name(), std::regex(pattern)); });
}

Tensor Optimizer::scale_loss(const Tensor &loss) const { return given.loss_scale_factor ? loss * *given.loss_scale_factor : loss; }

void Optimizer::apply(const Tensors &gradients, const std::vector<Variable> &weights) {
  if (std::none_of(gradients.begin(), gradients.end(), [](const Tensor &g) { return bool(g); }))
    throw UserError("the loss must depend on at least one trainable weight", "none of " + std::to_string(weights.size()));
  ensureBuilt(weights);
  trace::Trace &t = trace::here();
  trace::Scope scope(name());
  Tensor rate = given.learning_rate.isSchedule() ? given.learning_rate(cast(state->iteration, DType::Float32)) : Tensor(state->rate);
  Tensors grads = gradients;
  if (given.loss_scale_factor)
    for (Tensor &g : grads)
      if (g) g = g / *given.loss_scale_factor;
  bool accumulates = given.gradient_accumulation_steps.has_value();
  // Number of updates before this step; float64 counts as far as it matters.
  Tensor count = cast(state->iteration, DType::Float64), updates;
  if (accumulates) {
    int64_t k = *given.gradient_accumulation_steps;
    updates = isMultiple(count + 1, k);
    count = floor(count / k);
    for (size_t i = 0; i < weights.size(); ++i) {
      if (!grads[i]) continue;
      Tensor total = Tensor(state->accumulated[i]) + grads[i];
      assign(state->accumulated[i], where(updates, 0, total));
      grads[i] = total / k;
    }
  }
  // In a step that only accumulates, state stays what it was.
  auto onlyIfUpdating = [&](const Variable &v) {
    if (accumulates && t.assigned(v)) assign(v, where(updates, t.wrap(t.pending(v)), Tensor(v)));
  };
  grads = clipped(grads, given);
  Tensor step = cast(count, DType::Float32) + 1;
  begin(step);
  for (const Variable &v : shared) onlyIfUpdating(v);
  for (size_t i = 0; i < weights.size(); ++i) {
    const Variable &variable = weights[i];
    Tensor lr = cast(rate, variable.dtype()), value = variable, updated = variable;
    if (grads[i]) {
      if (decays(variable)) value = value - value * (*given.weight_decay * lr);
      updated = update({value, i, step}, grads[i], lr);
      for (const auto &block : state->slots) onlyIfUpdating(block[i]);
      if (accumulates) updated = where(updates, updated, Tensor(variable));
    }
    if (given.use_ema) {
      Tensor momentum = cast(not_equal(count, 0), variable.dtype()) * given.ema_momentum;
      Tensor average = momentum * Tensor(state->averages[i]) + (1 - momentum) * updated;
      assign(state->averages[i], average);
      if (given.ema_overwrite_frequency) updated = where(isMultiple(count + 1, *given.ema_overwrite_frequency), average, updated);
    }
    if (grads[i] && variable.constraint()) updated = variable.constraint()(updated);
    if (grads[i] || given.use_ema) assign(variable, updated);
  }
  assign(state->iteration, Tensor(state->iteration) + 1);
}

void Optimizer::finalize_variable_values(const std::vector<Variable> &weights) const {
  if (!given.use_ema || !state->built) return;
  for (size_t i = 0; i < weights.size(); ++i) Variable(weights[i]).assign(state->averages[i].value());
}

OptimizerOptions OptimizerOptions::from_config(const Json &c, OptimizerOptions o) {
  using namespace config;
  if (c.contains("learning_rate")) o.learning_rate = LearningRate::from_config(c.at("learning_rate"));
  if (c.contains("weight_decay")) o.weight_decay = optionalNumber(c, "weight_decay");
  o.clipnorm = optionalNumber(c, "clipnorm");
  o.clipvalue = optionalNumber(c, "clipvalue");
  o.global_clipnorm = optionalNumber(c, "global_clipnorm");
  o.use_ema = flag(c, "use_ema", false);
  o.ema_momentum = number(c, "ema_momentum", 0.99);
  o.ema_overwrite_frequency = optionalInteger(c, "ema_overwrite_frequency");
  o.loss_scale_factor = optionalNumber(c, "loss_scale_factor");
  o.gradient_accumulation_steps = optionalInteger(c, "gradient_accumulation_steps");
  o.name = text(c, "name", "");
  return o;
}

Json Optimizer::get_config() const {
  Json c = Json::object();
  c["name"] = name();
  // What the variable holds now, as Keras writes it.
  c["learning_rate"] = state->rate ? Json(state->rate.value().at(0)) : given.learning_rate.serialize();
  c["weight_decay"] = given.weight_decay;
  c["clipnorm"] = given.clipnorm;
  c["global_clipnorm"] = given.global_clipnorm;
  c["clipvalue"] = given.clipvalue;
  c["use_ema"] = given.use_ema;
  c["ema_momentum"] = given.ema_momentum;
  c["ema_overwrite_frequency"] = given.ema_overwrite_frequency ? Json(*given.ema_overwrite_frequency) : Json();
  c["loss_scale_factor"] = given.loss_scale_factor;
  c["gradient_accumulation_steps"] = given.gradient_accumulation_steps ? Json(*given.gradient_accumulation_steps) : Json();
  return c;
}

namespace {
std::string lowered(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}
ClassTable<OptimizerRegistration::Maker> &classes() {
  static ClassTable<OptimizerRegistration::Maker> instance("optimizer");
  return instance;
}
} // namespace

OptimizerRegistration::OptimizerRegistration(const std::string &class_name, Maker maker) { classes().add(class_name, {lowered(class_name)}, std::move(maker)); }

void register_optimizer(const std::string &class_name, OptimizerRegistration::Maker maker, const RegisterOptions &options) {
  classes().addOwn(class_name, options, std::move(maker));
}

std::shared_ptr<Optimizer> Optimizer::from_config(const std::string &class_name, const Json &config) { return classes().find(class_name)(config); }
std::shared_ptr<Optimizer> Optimizer::named(const std::string &name) {
  return classes().find(classes().knows(name) ? name : lowered(name))(Json::object());
}

Json Optimizer::serialize() const { return config::envelope("keras.optimizers", className, get_config(), classes().registeredName(className)); }

std::shared_ptr<Optimizer> Optimizer::deserialize(const Json &envelope) {
  if (envelope.isString()) return named(envelope.asString());
  std::string name = classes().keyOf(envelope);
  if (name.starts_with("Custom>") && !classes().knows(name)) name.erase(0, 7); // Keras 2.11 to 2.13 wrote its own so
  Json config = envelope.at("config");
  if (const Json *rate = config.find("lr"); rate && !config.contains("learning_rate")) config["learning_rate"] = Json(*rate);
  return from_config(name, config);
}

} // namespace cornu
