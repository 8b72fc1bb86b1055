#include "frontend/models/model.h"

#include <algorithm>

#include "frontend/core/names.h"
#include "frontend/layers/input.h"
#include "frontend/saving/model_config.h"
#include "frontend/training/trainer.h"

namespace cornu {

Model::Model(ModelOptions options, bool sequential)
    : Layer({.name = options.name.empty() ? uniqueName(sequential ? "sequential" : "functional") : options.name, .trainable = options.trainable}),
      model(std::make_shared<ModelState>()) {
  model->sequential = sequential;
}

Model::Model(TensorList inputs, TensorList outputs, ModelOptions options) : Model(std::move(options), false) {
  model->graph = std::make_unique<Graph>(std::move(inputs), std::move(outputs), name());
  state->built = true;
  if (!trainable()) set_trainable(false);
}

Model::Model(Unbuilt parts, ModelOptions options) : Model(std::move(options), false) { model->unbuilt = std::move(parts); }

// Graph

const Graph &Model::graph() const {
  if (model->graph) return *model->graph;
  for (const auto &input : model->unbuilt.inputs)
    if (input->open())
      fail("the extents of its inputs must be known: build it for them, or fit it to data first", "Input '" + input->name() + "' of shape " + shapeString(input->batch_shape()));
  fail("the input shape must be known: start with an Input, give the first layer an input_shape, or fit it to data first");
}

std::vector<std::shared_ptr<InputLayer>> Model::ModelState::inputLayers() const {
  if (!graph) return unbuilt.inputs;
  std::vector<std::shared_ptr<InputLayer>> layers;
  for (const Tensor &x : graph->inputs) layers.push_back(std::dynamic_pointer_cast<InputLayer>(x.node()->layer));
  return layers;
}
bool Model::isSequential() const { return model->sequential; }
const Tensors &Model::inputs() const { return graph().inputs; }
const Tensors &Model::outputs() const { return graph().outputs; }

namespace {
const Tensor &at(const Tensors &tensors, int64_t i, const Model &model, const char *what) {
  if (i < 0 || i >= static_cast<int64_t>(tensors.size())) model.fail(std::string(what) + " must be less than " + std::to_string(tensors.size()), std::to_string(i));
  return tensors[static_cast<size_t>(i)];
}
std::vector<std::string> distinct(const std::vector<std::string> &given) {
  std::vector<std::string> names;
  for (const std::string &own : given) {
    std::string name = own;
    for (int i = 1; std::find(names.begin(), names.end(), name) != names.end(); ++i) name = own + "_" + std::to_string(i);
    names.push_back(name);
  }
  return names;
}
std::vector<Shape> shapesOf(const Tensors &tensors) {
  std::vector<Shape> shapes;
  for (const Tensor &t : tensors) shapes.push_back(t.shape());
  return shapes;
}
/// As one tensor where `like` is one.
TensorList listLike(const TensorList &like, const Tensors &tensors) { return like.isSingle() ? TensorList(tensors[0]) : TensorList(tensors); }
} // namespace

Tensor Model::input(int64_t i) const { return at(graph().inputs, i, *this, "the index of an input"); }
Tensor Model::output(int64_t i) const { return at(graph().outputs, i, *this, "the index of an output"); }
std::vector<std::string> Model::input_names() const {
  if (model->unbuilt.inputs.empty()) graph();
  std::vector<std::string> names;
  for (const auto &layer : model->inputLayers()) names.push_back(layer->name());
  return distinct(names);
}
std::vector<Shape> Model::input_shapes() const {
  if (model->unbuilt.inputs.empty()) graph();
  std::vector<Shape> shapes;
  for (const auto &layer : model->inputLayers()) shapes.push_back(layer->batch_shape());
  return shapes;
}
std::vector<std::string> Model::output_names() const {
  if (!model->graph && !model->unbuilt.inputs.empty()) return distinct(isSequential() ? std::vector{model->stack.back().name()} : model->unbuilt.outputs);
  std::vector<std::string> names;
  for (const Tensor &y : graph().outputs) names.push_back(y.name());
  return distinct(names);
}

std::vector<std::shared_ptr<BaseLayer>> Model::sublayers() const {
  std::vector<std::shared_ptr<BaseLayer>> all;
  if (model->sequential)
    for (const AnyLayer &layer : model->stack) all.push_back(layer.shared());
  else if (model->graph)
    all = model->graph->layers;
  return all;
}

std::vector<AnyLayer> Model::layers() const {
  std::vector<AnyLayer> all;
  for (const auto &layer : sublayers()) all.emplace_back(layer);
  return all;
}

AnyLayer Model::get_layer(const std::string &wanted) const {
  std::vector<std::string> known;
  for (const auto &layer : sublayers()) {
    if (layer->name() == wanted) return AnyLayer(layer);
    known.push_back(layer->name());
  }
  std::string nearest = closestName(wanted, known);
  fail("no such layer: '" + wanted + "'." + (nearest.empty() ? "" : " Did you mean '" + nearest + "'?") + " Known: " + quotedList(known));
}

AnyLayer Model::get_layer(int64_t index) const {
  auto all = sublayers();
  int64_t i = index < 0 ? index + static_cast<int64_t>(all.size()) : index;
  if (i < 0 || i >= static_cast<int64_t>(all.size())) fail("the index of a layer must be within its " + std::to_string(all.size()) + " layers", std::to_string(index));
  return AnyLayer(all[static_cast<size_t>(i)]);
}

Tensor Model::operator()(const TensorList &xs) const {
  Tensors results = all(xs);
  if (results.size() != 1) fail("has several outputs: call all()", std::to_string(results.size()));
  return results[0];
}

void Model::build(const std::vector<Shape> &shapes) {
  ModelState &s = *model;
  if (s.graph) return;
  const std::vector<std::shared_ptr<InputLayer>> &entries = s.unbuilt.inputs;
  size_t count = s.sequential ? 1 : entries.size();
  if (shapes.size() != count) fail(count == 1 ? "build takes the shape of its input" : "build takes a shape for each of its " + std::to_string(count) + " inputs", std::to_string(shapes.size()));
  if (s.sequential && s.stack.empty()) fail("a Sequential needs at least one layer before it is called");
  Tensors symbols;
  for (size_t i = 0; i < entries.size(); ++i) symbols.push_back(entries[i]->symbol(shapes[i]));
  auto make = [&] {
    if (s.sequential) {
      s.tail = s.head = symbols.empty() ? Input(Shape(shapes[0].begin() + 1, shapes[0].end())) : symbols[0];
      for (const AnyLayer &layer : s.stack) s.tail = layer(s.tail);
      rebuildGraph();
    } else {
      auto [inputs, outputs] = s.unbuilt.connect(symbols);
      s.graph = std::make_unique<Graph>(std::move(inputs), std::move(outputs), name());
      state->built = true;
      if (!trainable()) set_trainable(false);
    }
  };
  try {
    s.build ? s.build(*this, make) : make();
  } catch (...) {
    s.graph.reset(), state->built = false; // nothing, rather than a model whose weights are not what its file holds
    throw;
  }
  s.unbuilt = {}, s.build = nullptr;
}

void Model::buildLater(Build build) { model->build = std::move(build); }

void Model::adapt(const std::vector<Shape> &shapes) {
  ModelState &s = *model;
  if (!s.graph) return build(shapes);
  std::vector<Shape> present = shapesOf(s.graph->inputs);
  if (shapes == present) return;
  auto known = s.others.find(shapes);
  Instance next;
  if (known != s.others.end()) {
    next = std::move(known->second);
    s.others.erase(known);
  } else {
    Tensors symbols;
    std::vector<std::shared_ptr<InputLayer>> layers = s.inputLayers();
    for (size_t i = 0; i < layers.size(); ++i) symbols.push_back(layers[i]->symbol(shapes[i]));
    next.graph = std::make_unique<Graph>(listLike(s.graph->inputs, symbols), listLike(s.graph->outputs, s.graph->run(symbols)), name());
  }
  std::swap(static_cast<Instance &>(s), next);
  s.others.emplace(present, std::move(next));
}

void Model::rebuildGraph() {
  // Keras wraps a Functional here, which takes an automatic name.
  uniqueName("functional");
  model->graph = std::make_unique<Graph>(model->head, model->tail, name());
  state->built = true;
}

Tensors Model::call(const Tensors &xs) {
  const Graph &g = graph();
  if (xs.size() != g.inputs.size()) fail("takes " + std::to_string(g.inputs.size()) + " tensors", std::to_string(xs.size()));
  std::vector<std::shared_ptr<InputLayer>> layers = model->inputLayers();
  for (size_t i = 0; i < xs.size(); ++i)
    if (const InputLayer &input = *layers[i]; !input.fits(xs[i].shape()))
      fail("input '" + input.name() + "' must have shape " + shapeString(input.batch_shape()), "shape=" + shapeString(xs[i].shape()));
  return g.run(xs);
}

// Sequential

Sequential::Item::Item(const Tensor &input) {
  if (!input || !input.node() || !input.node()->inputs.empty()) throw UserError("Sequential takes layers, and an Input in front", "another tensor");
  layer = AnyLayer(input.node()->layer);
  start = input;
}

Sequential::Sequential(std::initializer_list<Item> layers, ModelOptions options) : Sequential(std::move(options)) {
  for (const Item &item : layers) append(item);
  if (model->head && !model->stack.empty()) rebuildGraph();
}
Sequential::Sequential(const std::vector<AnyLayer> &layers, ModelOptions options) : Sequential(std::move(options)) {
  for (const AnyLayer &layer : layers) append(layer);
  if (model->head && !model->stack.empty()) rebuildGraph();
}

void Sequential::add(const Item &item) {
  append(item);
  if (model->head && !model->stack.empty()) rebuildGraph();
}

void Sequential::append(const Item &item) {
  ModelState &s = *model;
  model->forgetCode();
  if (auto *entry = dynamic_cast<InputLayer *>(item.layer.shared().get())) {
    if (!s.stack.empty() || s.head || !s.unbuilt.inputs.empty()) fail("an Input must come first", "'" + entry->name() + "' after other layers");
    if (entry->open()) s.unbuilt.inputs = {entry->shared()};
    else s.head = s.tail = item.start ? item.start : entry->symbol();
    return;
  }
  for (const AnyLayer &layer : s.stack)
    if (layer.name() == item.layer.name()) fail("each layer's name must be its own", "'" + layer.name() + "' twice");
  if (s.stack.empty() && !s.head && s.unbuilt.inputs.empty() && !item.layer->options().input_shape.empty()) s.head = s.tail = Input(item.layer->options().input_shape);
  Tensor next = s.tail ? item.layer(s.tail) : Tensor();
  s.stack.push_back(item.layer);
  if (!next) return;
  s.tail = next;
  state->built = true;
}

void Sequential::pop() {
  ModelState &s = *model;
  if (s.stack.empty()) fail("has no layer to pop");
  s.forgetCode();
  s.stack.pop_back();
  if (!s.head) return;
  // The tensor before the last call.
  s.tail = s.tail.node()->inputs[0];
  s.stack.empty() ? s.graph.reset() : rebuildGraph();
}

// Training

void Model::compile(CompileOptions options) {
  if (options.run_eagerly && options.jit_compile.value_or(false)) fail("compile: run_eagerly and jit_compile exclude each other: choose one");
  if (options.steps_per_execution < 1) fail("compile: steps_per_execution must be positive", std::to_string(options.steps_per_execution));
  // Names are checked now if the outputs are known; a Sequential without an input shape checks when it is built.
  CompileOptions given = options;
  const CompileOptions &before = model->options;
  if (!options.loss.given()) options.loss = before.loss, options.loss_weights = before.loss_weights;
  if (!options.metrics.given() && !options.weighted_metrics.given()) options.metrics = before.metrics, options.weighted_metrics = before.weighted_metrics;
  if (model->graph) Plan(options, output_names());
  model->options = std::move(options), model->given = std::move(given);
  model->isCompiled = true;
  model->plan.reset();
  model->forgetCode();
}

bool Model::compiled() const { return model->isCompiled; }
Optimizer &Model::optimizer() const {
  if (!model->isCompiled) fail("the model must be compiled before it has an optimizer");
  return *model->options.optimizer.optimizer;
}
const CompileOptions &Model::compile_options() const { return model->options; }
Json Model::get_compile_config() const { return model->isCompiled ? saving::compileConfig(model->given) : Json(); }
bool &Model::stop_training() const { return model->stop; }

History Model::fit(const Data &x, const Data &y, const FitOptions &options) { return Trainer(*this, "fit").fit(x, y, options); }
History Model::fit(const Batches &batches, const FitOptions &options) { return Trainer(*this, "fit").fit(batches, options); }
Logs Model::evaluate(const Data &x, const Data &y, const EvaluateOptions &options) { return Trainer(*this, "evaluate").evaluate(x, y, options); }
Logs Model::evaluate(const Batches &batches, const EvaluateOptions &options) { return Trainer(*this, "evaluate").evaluate(batches, options); }
std::vector<Array> Model::predict_all(const Data &x, const PredictOptions &options) { return Trainer(*this, "predict").predict(x, options); }
std::vector<Array> Model::predict_all(const Batches &batches, const PredictOptions &options) { return Trainer(*this, "predict").predict(batches, options); }

namespace {
void checkOneOutput(const Model &model) {
  if (model.built() && model.outputs().size() != 1) model.fail("has several outputs: call predict_all()", std::to_string(model.outputs().size()));
}
} // namespace
Array Model::predict(const Data &x, const PredictOptions &options) { return checkOneOutput(*this), predict_all(x, options)[0]; }
Array Model::predict(const Batches &batches, const PredictOptions &options) { return checkOneOutput(*this), predict_all(batches, options)[0]; }

Logs Model::train_on_batch(const Data &x, const Data &y, const BatchOptions &options) { return Trainer(*this, "train_on_batch").onBatch(x, y, options, true); }
Logs Model::test_on_batch(const Data &x, const Data &y, const BatchOptions &options) { return Trainer(*this, "test_on_batch").onBatch(x, y, options, false); }
Array Model::predict_on_batch(const Data &x) { return predict(x, {.batch_size = std::numeric_limits<int64_t>::max() / 2, .verbose = 0}); }

std::vector<std::string> Model::metrics_names() const {
  std::vector<std::string> names;
  if (!model->isCompiled) return names;
  std::optional<Plan> fresh;
  Plan &plan = model->plan ? *model->plan : fresh.emplace(model->options, output_names());
  for (const Tracker *tracker : plan.inOrder()) names.push_back(tracker->key());
  return names;
}

} // namespace cornu
