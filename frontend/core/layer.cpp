#include "frontend/core/layer.h"

#include <algorithm>
#include <cxxabi.h>
#include <functional>

#include "frontend/core/config.h"
#include "frontend/core/names.h"
#include "frontend/core/seed.h"
#include "frontend/core/variable_budget.h"
#include "frontend/ops/ops.h"
#include "frontend/trace/Trace.h"
#include "frontend/utils/warn.h"

namespace cornu {

std::string classNameOf(const std::type_info &type) {
  int status = 0;
  std::unique_ptr<char, void (*)(void *)> demangled(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  std::string name = status == 0 ? demangled.get() : type.name();
  name = name.substr(0, name.find('<'));
  size_t scope = name.rfind("::");
  return scope == std::string::npos ? name : name.substr(scope + 2);
}

namespace {
void check(const LayerOptions &options, const std::string &className) {
  if (options.name.find('/') != std::string::npos) throw UserError(className + ": a layer's name must not contain '/'", "name='" + options.name + "'");
  std::optional<DType> type = dtypeFromName(options.dtype);
  if (type != DType::Float32 && type != DType::Float64)
    throw UserError(className + " '" + options.name + "': dtype must be 'float32' or 'float64'", "dtype='" + options.dtype + "'");
}
} // namespace

BaseLayer::BaseLayer(LayerOptions options, const std::string &prefixClass) : state(std::make_shared<State>()) {
  if (options.name.empty()) options.name = uniqueName(snakeCase(prefixClass));
  check(options, prefixClass);
  state->options = std::move(options);
}

DType BaseLayer::dtype() const { return *dtypeFromName(state->options.dtype); }

void BaseLayer::fail(const std::string &rule, const std::string &received) const {
  throw UserError(class_name() + " '" + name() + "': " + rule, received);
}
void BaseLayer::fail(const std::string &sentence) const { throw UserError(class_name() + " '" + name() + "': " + sentence); }

Json BaseLayer::get_config() const {
  Json config = Json::object();
  config["name"] = name();
  config["trainable"] = trainable();
  Json policy = Json::object();
  policy["module"] = "keras";
  policy["class_name"] = "DTypePolicy";
  policy["config"] = Json::object({{"name", state->options.dtype}});
  policy["registered_name"] = nullptr;
  config["dtype"] = policy;
  if (const Regularizer &r = state->options.activity_regularizer)
    config["activity_regularizer"] = config::serialize(r);
  return config;
}

void BaseLayer::set_trainable(bool trainable) {
  state->options.trainable = trainable;
  for (const auto &child : sublayers()) child->set_trainable(trainable);
}

// Weights

std::vector<Variable> BaseLayer::own_weights() const {
  std::vector<Variable> ordered;
  for (bool trainableOnes : {true, false})
    for (const Variable &v : state->variables)
      if (v.trainable() == trainableOnes) ordered.push_back(v);
  return ordered;
}

std::vector<Variable> BaseLayer::weights() const {
  std::vector<Variable> all = own_weights();
  for (const auto &child : sublayers())
    for (const Variable &v : child->weights())
      if (std::find(all.begin(), all.end(), v) == all.end()) all.push_back(v);
  return all;
}

std::vector<Variable> BaseLayer::trainable_weights() const {
  std::vector<Variable> found;
  // Within, only the layer that a weight belongs to is asked, as in Keras: RNN(cell, {.trainable = false}) trains its cell. set_trainable sets both.
  std::function<void(const BaseLayer &)> collect = [&](const BaseLayer &layer) {
    for (const Variable &v : layer.own_weights())
      if (layer.trainable() && v.trainable() && std::find(found.begin(), found.end(), v) == found.end()) found.push_back(v);
    for (const auto &child : layer.sublayers()) collect(*child);
  };
  if (trainable()) collect(*this);
  return found;
}

std::vector<Variable> BaseLayer::non_trainable_weights() const {
  std::vector<Variable> learned = trainable_weights(), found;
  for (const Variable &v : weights())
    if (std::find(learned.begin(), learned.end(), v) == learned.end()) found.push_back(v);
  return found;
}

std::vector<Array> BaseLayer::get_weights() const {
  std::vector<Array> values;
  for (const Variable &v : weights()) values.push_back(v.value().clone());
  return values;
}

void BaseLayer::set_weights(const std::vector<Array> &values) {
  std::vector<Variable> variables = weights();
  if (values.size() != variables.size())
    fail("set_weights takes one array for each of its " + std::to_string(variables.size()) + " weights", std::to_string(values.size()));
  for (size_t i = 0; i < values.size(); ++i)
    if (values[i].shape() != variables[i].shape())
      fail("weight '" + variables[i].path() + "' has shape " + shapeString(variables[i].shape()), "shape=" + shapeString(values[i].shape()));
  for (size_t i = 0; i < values.size(); ++i) variables[i].assign(values[i]);
}

int64_t BaseLayer::count_params() const {
  int64_t count = 0;
  for (const Variable &v : weights()) count += v.value().size();
  return count;
}

Variable BaseLayer::add_weight(const std::string &weightName, Shape shape, const WeightOptions &options) {
  for (const Variable &v : state->variables)
    if (v.name() == weightName) {
      if (v.shape() != shape) fail("weight '" + weightName + "' has shape " + shapeString(v.shape()), "shape=" + shapeString(shape));
      return v;
    }
  DType type = options.dtype.value_or(dtype());
  std::string path;
  if (auto *trace = trace::Trace::current())
    for (const std::string &scope : trace->scopes) path += scope + "/";
  else
    path = name() + "/";
  Initializer initializer = options.initializer ? options.initializer : isFloating(type) ? Initializer("glorot_uniform") : Initializer("zeros");
  if (VariableBudget::active()) initializer = "zeros"; // the file's value follows
  Variable variable = Variable::create(weightName, path + weightName, std::move(shape),
                                       {.initializer = initializer, .regularizer = options.regularizer, .constraint = options.constraint,
                                        .trainable = options.trainable, .dtype = type, .role = options.trainable ? Role::Weight : Role::State});
  state->variables.push_back(variable);
  return variable;
}

Variable BaseLayer::add_random_state(std::optional<uint64_t> seed) {
  if (state->randomStates.empty()) {
    auto start = static_cast<int64_t>(seed ? *seed : nextSeed());
    Initializer initial([start](const Shape &, DType) { return Array({start, int64_t(0)}, {2}); });
    state->randomStates.push_back(Variable::create("seed_generator_state", name() + "/seed_generator_state", {2},
                                                   {.initializer = initial, .trainable = false, .dtype = DType::Int64, .role = Role::Random}));
  }
  return state->randomStates.front();
}

Variable BaseLayer::add_state(const std::string &stateName, Shape shape) {
  for (const Variable &v : state->kept)
    if (v.name() == stateName) return v;
  state->kept.push_back(Variable::create(stateName, name() + "/" + stateName, std::move(shape), {.trainable = false, .dtype = dtype(), .role = Role::State}));
  return state->kept.back();
}

void BaseLayer::reset_state() {
  for (Variable &v : state->kept) v.fill(0);
  for (const auto &child : sublayers()) child->reset_state();
}

void BaseLayer::add_loss(const Tensor &loss) {
  if (!trace::Trace::current()) fail("add_loss can be called only inside call");
  Tensor value = isFloating(loss.dtype()) ? loss : cast(loss, DType::Float32);
  trace::here().losses.push_back(value.rank() ? sum(value) : value);
}

void BaseLayer::add_metric(const Tensor &value, const std::string &metricName) {
  if (!trace::Trace::current()) fail("add_metric can be called only inside call");
  if (metricName.empty()) fail("a metric must have a name, which is its key in logs", "name=''");
  trace::here().metrics.push_back({this, metricName, value});
}

bool BaseLayer::training() const { return trace::here().training; }

// Calls

void BaseLayer::ensureBuilt(const std::vector<Shape> &inputs) {
  if (buildRan) return;
  buildFor(inputs);
  buildRan = true; // not if it threw
  if (!state->built) state->buildShapes = inputs;
  state->built = true;
}

Tensors Node::positional(const Tensors &values) const { return {values.begin(), values.end() - static_cast<int64_t>(states + has_mask)}; }
CallOptions Node::options(const Tensors &values) const {
  auto end = values.end() - has_mask;
  return {.initial_state = {end - static_cast<int64_t>(states), end}, .mask = has_mask ? values.back() : Tensor()};
}

namespace {

std::vector<Shape> shapesOf(const Tensors &tensors) {
  std::vector<Shape> shapes;
  for (const Tensor &t : tensors) shapes.push_back(t.shape());
  return shapes;
}

/// The same value under the same mask, as an SSA value of this trace.
Tensor asValue(const Tensor &x) {
  trace::Trace &t = trace::here();
  return x.masked() ? with_mask(t.wrap(t.value(x)), x.mask()) : t.wrap(t.value(x));
}

/// A call inside a trace: emits the layer's ops.
Tensors emitCall(BaseLayer &layer, const Tensors &inputs, const CallOptions &options) {
  trace::Trace &t = trace::here();
  trace::Scope scope(layer.name());
  auto received = [&](const Tensor &x) {
    bool casts = layer.autocast() && isFloating(x.dtype()) && x.dtype() != layer.dtype();
    return casts ? with_mask(cornu::cast(x, layer.dtype()), x.mask()) : asValue(x);
  };
  Tensors cast, masks;
  for (const Tensor &x : inputs) cast.push_back(received(x));
  if (options.mask) cast[0] = with_mask(cast[0], cornu::cast(options.mask, DType::Bool));
  for (const Tensor &x : cast) masks.push_back(x.mask());
  layer.ensureBuilt(shapesOf(cast));
  // Given several arguments, Keras hands over no mask but one that is given too.
  if (!options.initial_state.empty() && !options.mask) cast[0] = with_mask(cast[0], {});
  for (const Tensor &x : options.initial_state) cast.push_back(received(x));

  t.callers.push_back(&layer);
  Tensors outputs = layer.callOn(cast);
  t.callers.pop_back();
  for (Tensor &y : outputs) y = asValue(y); // a variable or number as a result becomes a value
  if (layer.supports_masking() && !std::all_of(outputs.begin(), outputs.end(), [](const Tensor &y) { return y.masked(); })) {
    cast.resize(inputs.size());
    Tensors made = layer.masksFor(cast, masks);
    for (size_t i = 0; i < std::min(made.size(), outputs.size()); ++i)
      if (made[i] && !outputs[i].masked()) outputs[i] = with_mask(outputs[i], asValue(made[i]));
  }
  if (const Regularizer &regularizer = layer.options().activity_regularizer)
    for (const Tensor &y : outputs) t.losses.push_back(regularizer(y) / cornu::cast(batch_size(), y.dtype()));
  return outputs;
}

/// UserError for what the layer's call does not take.
void checkArguments(const BaseLayer &layer, const CallOptions &options) {
  std::vector<std::string> known = layer.call_arguments();
  auto check = [&](const char *name, bool given) {
    if (given && std::find(known.begin(), known.end(), name) == known.end())
      layer.fail("its call takes no " + std::string(name) + (known.empty() ? "" : ". Known: " + quotedList(known)));
  };
  check("mask", static_cast<bool>(options.mask));
  check("initial_state", !options.initial_state.empty());
}

} // namespace

Tensors BaseLayer::apply(const std::shared_ptr<BaseLayer> &layer, const Tensors &inputs, const CallOptions &options) {
  if (!layer) throw UserError("a layer must be made before it is called", "an empty AnyLayer");
  if (inputs.empty()) layer->fail("must be called on at least one tensor", "none");
  checkArguments(*layer, options);
  Tensors all = inputs;
  all.insert(all.end(), options.initial_state.begin(), options.initial_state.end());
  if (options.mask) all.push_back(options.mask);
  for (const Tensor &x : all) x.shape(); // throws for a tensor that was only declared
  bool symbolic = std::any_of(all.begin(), all.end(), isSymbol);
  if (auto *t = trace::Trace::current(); t && !symbolic) {
    if (!t->callers.empty()) {
      auto &family = t->callers.back()->state->children;
      if (std::find(family.begin(), family.end(), layer) == family.end()) family.push_back(layer);
    }
    return emitCall(*layer, inputs, options);
  }
  if (!std::all_of(all.begin(), all.end(), isSymbol))
    layer->fail("must be called on symbolic tensors, which come from Input and from other layers", "a variable or a number");

  // The shape of the result is found by tracing the call into a function that is thrown away.
  auto node = std::make_shared<Node>(Node{.layer = layer, .inputs = all, .states = options.initial_state.size(), .has_mask = static_cast<bool>(options.mask)});
  trace::Trace scratch;
  for (const Tensor &x : all)
    if (x.node()->batch_size) scratch.batch = node->batch_size = x.node()->batch_size;
  std::vector<trace::Slot> slots;
  for (const Tensor &x : all) slots.push_back({x.name(), x.shape(), x.dtype()});
  for (const Tensor &x : all)
    if (x.masked()) slots.push_back({x.name() + "_mask", *x.impl->maskShape, DType::Bool});
  Tensors values = scratch.begin("shape_inference", slots, /*training=*/false);
  auto mask = values.begin() + static_cast<int64_t>(all.size());
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].masked()) values[i] = with_mask(values[i], *mask++);
  values.resize(all.size());
  for (const Tensor &y : emitCall(*layer, node->positional(values), node->options(values))) {
    node->output_shapes.push_back(y.shape()), node->output_dtypes.push_back(y.dtype());
    node->output_masks.push_back(y.masked() ? std::optional(y.mask().shape()) : std::nullopt);
  }
  if (!layer->supports_masking() && inputs[0].masked())
    warn(layer->class_name() + " '" + layer->name() + "' does not support masking: the mask that its input carries ends here");
  auto &nodes = layer->state->nodes;
  std::erase_if(nodes, [](const std::weak_ptr<Node> &n) { return n.expired(); });
  nodes.push_back(node);
  Tensors symbols;
  for (size_t i = 0; i < node->output_shapes.size(); ++i) symbols.push_back(Node::output(node, static_cast<int64_t>(i)));
  return symbols;
}

std::vector<std::shared_ptr<Node>> BaseLayer::nodes() const {
  std::vector<std::shared_ptr<Node>> living;
  for (const auto &weak : state->nodes)
    if (auto node = weak.lock()) living.push_back(std::move(node));
  return living;
}

// Nodes, by the rules of Keras 1 and 2

namespace {
/// What the call was made on; an Input's node has only its own symbol.
Tensors inputsOf(const std::shared_ptr<Node> &node) { return node->inputs.empty() ? Tensors{Node::output(node)} : node->inputs; }
Tensors outputsOf(const std::shared_ptr<Node> &node) {
  Tensors outputs;
  for (size_t i = 0; i < node->output_shapes.size(); ++i) outputs.push_back(Node::output(node, static_cast<int64_t>(i)));
  return outputs;
}
} // namespace

std::shared_ptr<Node> BaseLayer::nodeAt(int64_t index, const char *what) const {
  auto calls = nodes();
  auto count = static_cast<int64_t>(calls.size()), i = index < 0 ? index + count : index;
  if (i < 0 || i >= count) fail("asked for the " + std::string(what) + " of node " + std::to_string(index) + ", but the layer has " + std::to_string(count) + " inbound nodes");
  return calls[static_cast<size_t>(i)];
}

std::shared_ptr<Node> BaseLayer::onlyNode(const char *what) const {
  auto calls = nodes();
  if (calls.empty()) fail("the layer has never been called and thus has no defined " + std::string(what));
  if (calls.size() > 1)
    fail("the layer has " + std::to_string(calls.size()) + " inbound nodes, hence the notion of 'layer " + what + "' is ill-defined. Use get_" + what +
         "_at(node_index) instead");
  return calls[0];
}

Tensor BaseLayer::only(const Tensors &tensors, const char *what) const {
  if (tensors.size() != 1) fail("the call has " + std::to_string(tensors.size()) + " " + what + "s. Use get_" + what + "s_at(node_index) instead");
  return tensors[0];
}

Shape BaseLayer::commonShape(const char *what, Shape (BaseLayer::*shapeAt)(int64_t) const) const {
  auto count = static_cast<int64_t>(nodes().size());
  if (!count) fail("the layer has never been called and thus has no defined " + std::string(what) + " shape");
  Shape first = (this->*shapeAt)(0);
  for (int64_t i = 1; i < count; ++i)
    if ((this->*shapeAt)(i) != first)
      fail("the layer has inbound nodes with different " + std::string(what) + " shapes, hence the notion of '" + what + " shape' is ill-defined. Use get_" + what +
           "_shape_at(node_index) instead");
  return first;
}

Tensors BaseLayer::get_inputs_at(int64_t index) const { return inputsOf(nodeAt(index, "input")); }
Tensors BaseLayer::get_outputs_at(int64_t index) const { return outputsOf(nodeAt(index, "output")); }
Tensor BaseLayer::get_input_at(int64_t index) const { return only(get_inputs_at(index), "input"); }
Tensor BaseLayer::get_output_at(int64_t index) const { return only(get_outputs_at(index), "output"); }
Shape BaseLayer::get_input_shape_at(int64_t index) const { return get_input_at(index).shape(); }
Shape BaseLayer::get_output_shape_at(int64_t index) const { return get_output_at(index).shape(); }
Tensor BaseLayer::input() const { return only(inputsOf(onlyNode("input")), "input"); }
Tensor BaseLayer::output() const { return only(outputsOf(onlyNode("output")), "output"); }
Shape BaseLayer::input_shape() const { return commonShape("input", &BaseLayer::get_input_shape_at); }
Shape BaseLayer::output_shape() const { return commonShape("output", &BaseLayer::get_output_shape_at); }

Json AnyLayer::get_config() const { return layer->get_config(); }

Tensor AnyLayer::one(Tensors outputs) const {
  if (outputs.size() != 1) layer->fail("has several outputs: call all()", std::to_string(outputs.size()));
  return outputs[0];
}

// Registered classes

namespace {
ClassTable<LayerRegistration::Maker> &classes() {
  static ClassTable<LayerRegistration::Maker> instance("layer");
  return instance;
}
} // namespace

LayerRegistration::LayerRegistration(const std::string &class_name, Maker maker) { classes().add(class_name, {}, std::move(maker)); }

void register_layer(const std::string &class_name, LayerRegistration::Maker maker, const RegisterOptions &options) {
  classes().addOwn(class_name, options, std::move(maker));
}

std::shared_ptr<BaseLayer> BaseLayer::from_config(const std::string &class_name, const Json &config) {
  std::shared_ptr<BaseLayer> layer = classes().find(class_name)(config);
  if (classes().isOwn(class_name)) {
    LayerOptions base = config::layerOptions(config);
    check(base, class_name);
    LayerOptions &options = layer->state->options;
    if (!base.name.empty()) options.name = base.name;
    options.trainable = base.trainable, options.dtype = base.dtype, options.activity_regularizer = base.activity_regularizer;
  }
  return layer;
}

Json BaseLayer::serialize() const { return config::envelope(keras_module(), class_name(), get_config(), classes().registeredName(class_name())); }
std::shared_ptr<BaseLayer> BaseLayer::deserialize(const Json &envelope) { return from_config(classes().keyOf(envelope), envelope.at("config")); }

} // namespace cornu
