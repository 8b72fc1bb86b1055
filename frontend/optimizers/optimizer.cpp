#include "frontend/optimizers/optimizer.h"

#include <algorithm>
#include <map>

#include "frontend/core/config.h"
#include "frontend/core/names.h"
#include "frontend/ops/ops.h"
#include "frontend/trace/Trace.h"

namespace cornu {

Optimizer::Optimizer(std::string class_name, OptimizerOptions options) : given(std::move(options)), className(std::move(class_name)) {
  if (given.name.empty()) given.name = snakeCase(className);
  int clips = given.clipnorm.has_value() + given.clipvalue.has_value() + given.global_clipnorm.has_value();
  if (clips > 1) throw UserError(className + ": only one of clipnorm, clipvalue and global_clipnorm may be given", std::to_string(clips) + " of them");
  state->iteration = Variable::create("iteration", given.name + "/iteration", {}, {.trainable = false, .dtype = DType::Int64, .role = Role::Optimizer});
  if (!given.learning_rate.isSchedule())
    state->rate = Variable::create("learning_rate", given.name + "/learning_rate", {},
                                    {.initializer = initializers::Constant(given.learning_rate.value()), .trainable = false, .role = Role::Optimizer});
}

void Optimizer::ensureBuilt(const std::vector<Variable> &weights) {
  auto &slots = state->slots;
  if (state->built) {
    bool same = slots.empty() || slots[0].size() == weights.size();
    for (size_t i = 0; same && !slots.empty() && i < weights.size(); ++i) same = slots[0][i].shape() == weights[i].shape();
    if (!same) throw UserError("Optimizer '" + name() + "' keeps state for the weights it was built for and cannot update others; compile with a new one");
    return;
  }
  state->built = true;
  for (const std::string &slotName : slotNames()) {
    std::vector<Variable> &block = slots.emplace_back();
    for (const Variable &w : weights) {
      std::string flat = w.path();
      std::replace(flat.begin(), flat.end(), '/', '_');
      std::string full = flat + "_" + slotName;
      block.push_back(Variable::create(full, name() + "/" + full, w.shape(), {.trainable = false, .dtype = w.dtype(), .role = Role::Optimizer}));
    }
  }
}

std::vector<Variable> Optimizer::variables() const {
  std::vector<Variable> all = {state->iteration};
  if (state->rate) all.push_back(state->rate);
  for (const auto &block : state->slots) all.insert(all.end(), block.begin(), block.end());
  return all;
}

double Optimizer::learning_rate() const {
  if (!state->rate) throw UserError("Optimizer '" + name() + "': the learning rate is a schedule and has no one value");
  return state->rate.value().at(0);
}
void Optimizer::set_learning_rate(double rate) {
  if (!state->rate) throw UserError("Optimizer '" + name() + "': the learning rate is a schedule and cannot be set");
  Variable(state->rate).fill(rate);
}

void Optimizer::apply(const Tensors &gradients, const std::vector<Variable> &weights) {
  ensureBuilt(weights);
  trace::Scope scope(name());
  Tensors grads = gradients;
  if (given.clipvalue)
    for (Tensor &g : grads) g = clip(g, -*given.clipvalue, *given.clipvalue);
  if (given.clipnorm)
    for (Tensor &g : grads) g = g * (*given.clipnorm / maximum(sqrt(sum(square(g))), *given.clipnorm));
  if (given.global_clipnorm) {
    Tensor total;
    for (const Tensor &g : grads) total = total ? total + cast(sum(square(g)), DType::Float32) : cast(sum(square(g)), DType::Float32);
    Tensor scale = *given.global_clipnorm / maximum(sqrt(total), *given.global_clipnorm);
    for (Tensor &g : grads) g = g * cast(scale, g.dtype());
  }
  Tensor rate = given.learning_rate.isSchedule() ? given.learning_rate(cast(state->iteration, DType::Float32)) : Tensor(state->rate);
  for (size_t i = 0; i < weights.size(); ++i) {
    const Variable &variable = weights[i];
    Tensor lr = cast(rate, variable.dtype()), value = variable;
    if (given.weight_decay) value = value - value * (*given.weight_decay * lr);
    Tensor updated = update({value, i}, grads[i], lr);
    if (variable.constraint()) updated = variable.constraint()(updated);
    assign(variable, updated);
  }
  assign(state->iteration, Tensor(state->iteration) + 1);
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
  c["use_ema"] = false;
  c["ema_momentum"] = 0.99;
  c["ema_overwrite_frequency"] = nullptr;
  c["loss_scale_factor"] = nullptr;
  c["gradient_accumulation_steps"] = nullptr;
  return c;
}

namespace {
std::map<std::string, OptimizerRegistration::Maker> &makers() {
  static std::map<std::string, OptimizerRegistration::Maker> instance;
  return instance;
}
[[noreturn]] void unknown(const std::string &name) {
  std::vector<std::string> known;
  std::string lowered;
  for (const auto &[className, maker] : makers()) {
    std::string lower = className;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    known.push_back(lower);
  }
  std::string nearest = closestName(name, known);
  throw UserError("unknown optimizer '" + name + "'." + (nearest.empty() ? "" : " Did you mean '" + nearest + "'?") + " Known: " + quotedList(known));
}
} // namespace

OptimizerRegistration::OptimizerRegistration(const std::string &class_name, Maker maker) { makers()[class_name] = std::move(maker); }

std::shared_ptr<Optimizer> Optimizer::from_config(const std::string &class_name, const Json &config) {
  auto found = makers().find(class_name);
  if (found == makers().end()) unknown(class_name);
  for (const char *key : {"loss_scale_factor", "gradient_accumulation_steps"})
    if (!config.get(key).isNull()) throw UserError(class_name + ": " + key + " must be null", config.get(key).dump());
  if (config::flag(config, "use_ema", false)) throw UserError(class_name + ": use_ema must be false", "true");
  return found->second(config);
}

std::shared_ptr<Optimizer> Optimizer::named(const std::string &name) {
  auto equalLetters = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  for (const auto &[className, maker] : makers())
    if (std::equal(name.begin(), name.end(), className.begin(), className.end(), equalLetters)) return maker(Json::object());
  unknown(name);
}

} // namespace cornu
