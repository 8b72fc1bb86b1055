#include "frontend/training/trainer.h"

#include <algorithm>

namespace cornu {

std::string grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<int64_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

Trainer::Set Trainer::Set::part(int64_t begin, int64_t end) const {
  Set rowsOnly = *this;
  for (auto *side : {&rowsOnly.x, &rowsOnly.y, &rowsOnly.weights})
    for (Array &array : *side) array = array.rows(begin, end);
  rowsOnly.rows = end - begin;
  return rowsOnly;
}

Feed Trainer::Set::feed(int64_t batchSize) const {
  std::vector<Array> all = x;
  all.insert(all.end(), y.begin(), y.end());
  all.insert(all.end(), weights.begin(), weights.end());
  return Feed(std::move(all), batchSize);
}

namespace {
/// The array's shape for any number of rows.
Shape batchShape(const Array &array) {
  Shape shape = array.shape();
  shape[0] = -1;
  return shape;
}
std::vector<Shape> batchShapes(const std::vector<Array> &arrays) {
  std::vector<Shape> shapes;
  for (const Array &array : arrays) shapes.push_back(batchShape(array));
  return shapes;
}
} // namespace

std::vector<Array> Trainer::loadInputs(const Data &x, const std::string &name) {
  if (state.sequential && !state.graph && state.unbuilt.inputs.empty() && !state.stack.empty()) {
    // A Sequential without an Input takes its input's shape from the data.
    Array only = x.resolve(std::string(caller) + ": x", {"input"})[0];
    if (!only.rank()) fail("x must have a leading axis of samples", "shape=()");
    model.build({batchShape(only)});
  }
  std::vector<std::string> names = model.input_names();
  std::vector<Array> arrays = x.resolve(std::string(caller) + ": " + name, names);
  std::vector<std::shared_ptr<InputLayer>> inputs = state.inputLayers();
  for (size_t i = 0; i < arrays.size(); ++i) {
    std::string what = std::string(caller) + ": " + name + (names.size() > 1 ? " '" + names[i] + "'" : "");
    arrays[i] = conform(arrays[i], inputs[i]->batch_shape(), inputs[i]->input_dtype(), what);
    if (arrays[i].dim(0) != arrays[0].dim(0))
      throw UserError(std::string(caller) + ": " + name + " '" + names[0] + "' has " + grouped(arrays[0].dim(0)) + " samples but '" + names[i] + "' has " + grouped(arrays[i].dim(0)));
  }
  model.adapt(batchShapes(arrays));
  return arrays;
}

Trainer::Set Trainer::load(const Data &x, const Data &y, const Data &weights, const std::string &prefix) {
  std::string who = std::string(caller) + ": " + prefix;
  if (!state.isCompiled) throw UserError(std::string(caller) + ": the model must be compiled first: call compile()");
  Set set;
  set.x = loadInputs(x, prefix + "x");
  set.rows = set.x[0].dim(0);
  const Graph &graph = model.graph();
  std::vector<std::string> names = model.output_names();
  if (y.given()) set.y = y.resolve(who + "y", names);
  for (size_t i = 0; i < set.y.size(); ++i) {
    Array &array = set.y[i];
    int64_t samples = array.rank() ? array.dim(0) : 0;
    if (samples != set.rows)
      throw UserError(who + "x has " + grouped(set.rows) + " samples but " + prefix + "y" + (names.size() > 1 ? " '" + names[i] + "'" : "") + " has " + grouped(samples));
    DType computed = graph.outputs[i].dtype();
    array = array.astype(isFloating(computed) ? computed : DType::Float32);
    set.shapes.targets.push_back(batchShape(array));
  }
  setWeights(set, sampleWeights(who + "sample_weight", weights, names, set.rows));
  return set;
}

void Trainer::setWeights(Set &set, std::vector<Array> weights) const {
  const Graph &graph = model.graph();
  set.weights = std::move(weights), set.shapes.weights.clear();
  for (size_t i = 0; i < set.weights.size(); ++i) {
    if (DType computed = graph.outputs[i].dtype(); isFloating(computed)) set.weights[i] = set.weights[i].astype(computed);
    set.shapes.weights.push_back(batchShape(set.weights[i]));
  }
}

void Trainer::weighClasses(Set &set, const ClassWeight &weights) const {
  if (weights.empty()) return;
  if (!set.weights.empty()) throw UserError(std::string(caller) + ": sample_weight and class_weight cannot be given together");
  std::vector<std::string> outputs = model.output_names();
  if (outputs.size() > 1) throw UserError(std::string(caller) + ": class_weight takes a model with a single output. Known: " + quotedList(outputs));
  if (set.y.empty()) throw UserError(std::string(caller) + ": class_weight needs targets: y must be given");
  setWeights(set, {classWeights(caller, set.y[0], weights)});
}

Plan &Trainer::plan() {
  if (!state.plan) state.plan = std::make_unique<Plan>(state.options, model.output_names());
  return *state.plan;
}

namespace {
std::unique_ptr<run::Executable> makeExecutable(run::Program program, bool eagerly) {
  std::vector<run::IndexRange> ranges = program.index_ranges;
  auto code = eagerly ? run::interpret(std::move(program)) : run::compileNative(std::move(program));
  code->index_ranges = std::move(ranges);
  return code;
}
} // namespace

run::Executable &Trainer::step(const Set &set, bool training) {
  model.adapt(batchShapes(set.x)); // others may have been loaded since
  std::string key = training ? "train" : "test";
  for (const Shape &shape : set.shapes.targets) key += shapeString(shape);
  for (const Shape &shape : set.shapes.weights) key += " weighted " + shapeString(shape);
  auto &code = state.steps[key];
  try {
    if (!code) code = makeExecutable(traceStep(model, model.graph(), plan(), set.shapes, training), state.options.run_eagerly);
  } catch (const UserError &error) {
    throw UserError(std::string(caller) + ": " + error.what());
  }
  checkInputs(*code, set.x);
  return *code;
}

void Trainer::checkInputs(const run::Executable &code, const std::vector<Array> &inputs) const {
  std::vector<std::string> names = model.input_names();
  for (const run::IndexRange &range : code.index_ranges)
    if (range.input < inputs.size()) run::checkIndices(range, inputs[range.input], std::string(caller) + ": input '" + names[range.input] + "'");
}

run::Executable &Trainer::predictor() {
  if (!state.predict) state.predict = makeExecutable(tracePredict(model.graph(), model.output_names()), state.options.run_eagerly);
  return *state.predict;
}

run::Program Trainer::trace(Model &model, const std::string &function) {
  Trainer trainer(model, "ir");
  const Graph &graph = model.graph();
  if (function == "predict") return tracePredict(graph, model.output_names());
  if (function != "train_step" && function != "test_step")
    throw UserError("ir: function must be 'predict', 'test_step' or 'train_step'", "'" + function + "'");
  if (!trainer.state.isCompiled) throw UserError("ir: the model must be compiled before it has a " + function);
  return traceStep(model, graph, trainer.plan(), trainer.likelyShapes(), function == "train_step");
}

run::Program Trainer::traceForDeployment(Model &model, bool train, bool weighted) {
  Trainer trainer(model, "compile_to");
  const Graph &graph = model.graph();
  if (!train) return cornu::traceForDeployment(model, graph, nullptr, {});
  if (!trainer.state.isCompiled) throw UserError("compile_to: the model must be compiled before it has a training step: call compile()");
  return cornu::traceForDeployment(model, graph, &trainer.plan(), trainer.likelyShapes(weighted));
}

StepShapes Trainer::likelyShapes(bool weighted) {
  StepShapes shapes;
  const Graph &graph = model.graph();
  auto isMeasured = [](const Plan::Output &output) { return output.loss || !output.measures.empty(); };
  if (std::none_of(plan().outputs.begin(), plan().outputs.end(), isMeasured)) return shapes;
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    shapes.targets.push_back(graph.outputs[i].shape());
    const Loss &loss = plan().outputs[i].loss;
    if (loss && loss.class_name() == "SparseCategoricalCrossentropy") shapes.targets.back().pop_back();
    Shape values = graph.outputs[i].shape(); // most losses are one number for each row of the last axis
    if (values.size() > 1) values.pop_back();
    if (weighted) shapes.weights.push_back(values);
  }
  return shapes;
}

void Trainer::checkBatch(int64_t rows) const {
  for (const Tensor &x : model.graph().inputs)
    if (auto *layer = dynamic_cast<InputLayer *>(x.node()->layer.get()); layer && layer->batch_size() && *layer->batch_size() != rows)
      fail("Input '" + layer->name() + "' takes batches of " + std::to_string(*layer->batch_size()), "a batch of " + std::to_string(rows));
}

void Trainer::readMetrics() {
  if (!state.results && plan().needsCode()) {
    state.computed.clear(), state.shown.clear();
    state.results = makeExecutable(traceResults(plan(), state.computed), state.options.run_eagerly);
    for (Tracker *tracker : state.computed) state.shown.push_back(tracker->shown());
  }
  if (state.results) state.results->run(nullptr, state.shown.data(), 1);
}

Logs Trainer::logs(const std::string &prefix) {
  readMetrics();
  Logs values;
  for (const Tracker *tracker : plan().sorted()) values.emplace_back(prefix + tracker->key(), tracker->result());
  return values;
}

Logs Trainer::ordered() {
  readMetrics();
  Logs values;
  for (const Tracker *tracker : plan().inOrder()) values.emplace_back(tracker->key(), tracker->result());
  return values;
}

void Trainer::resetMetrics() {
  if (state.plan) state.plan->reset();
}

} // namespace cornu
