#include "frontend/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "frontend/core/seed.h"
#include "frontend/layers/input.h"
#include "runtime/random.h"

namespace cornu {

namespace {
/// 1,200
std::string grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<int64_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}
} // namespace

Trainer::Set Trainer::Set::part(int64_t begin, int64_t end) const {
  Set rowsOnly = *this;
  for (auto *side : {&rowsOnly.x, &rowsOnly.y})
    for (Array &array : *side) array = array.rows(begin, end);
  rowsOnly.rows = end - begin;
  return rowsOnly;
}

Feed Trainer::Set::feed(int64_t batchSize) const {
  std::vector<Array> all = x;
  all.insert(all.end(), y.begin(), y.end());
  return Feed(std::move(all), batchSize);
}

void Trainer::prepare(const Data &x) {
  if (!state.sequential || state.graph || state.stack.empty()) return;
  // A Sequential without an Input takes its input's shape from the data.
  Shape shape = x.resolve(caller, "x", {"input"})[0].shape();
  if (shape.empty()) fail("x must have a leading axis of samples", "shape=()");
  shape[0] = -1;
  model.build({shape});
}

std::vector<Array> Trainer::loadInputs(const Data &x, const char *name) {
  prepare(x);
  const Graph &graph = model.graph();
  std::vector<std::string> names = model.input_names();
  std::vector<Array> arrays = x.resolve(caller, name, names);
  for (size_t i = 0; i < arrays.size(); ++i) {
    std::string what = std::string(caller) + ": " + name + (names.size() > 1 ? " '" + names[i] + "'" : "");
    arrays[i] = conform(arrays[i], graph.inputs[i].shape(), graph.inputs[i].dtype(), what);
    if (arrays[i].dim(0) != arrays[0].dim(0))
      throw UserError(std::string(caller) + ": " + name + " '" + names[0] + "' has " + grouped(arrays[0].dim(0)) + " samples but '" + names[i] + "' has " + grouped(arrays[i].dim(0)));
  }
  return arrays;
}

Trainer::Set Trainer::load(const Data &x, const Data &y, const char *xName, const char *yName) {
  if (!state.isCompiled) throw UserError(std::string(caller) + ": the model must be compiled first: call compile()");
  Set set;
  set.x = loadInputs(x, xName);
  set.rows = set.x[0].dim(0);
  const Graph &graph = model.graph();
  std::vector<std::string> names = model.output_names();
  set.y = y.resolve(caller, yName, names);
  for (size_t i = 0; i < set.y.size(); ++i) {
    Array &array = set.y[i];
    int64_t samples = array.rank() ? array.dim(0) : 0;
    if (samples != set.rows)
      throw UserError(std::string(caller) + ": " + xName + " has " + grouped(set.rows) + " samples but " + yName + (names.size() > 1 ? " '" + names[i] + "'" : "") + " has " + grouped(samples));
    DType computed = graph.outputs[i].dtype();
    array = array.astype(isFloating(computed) ? computed : DType::Float32);
    Shape shape = array.shape();
    shape[0] = -1;
    set.targetShapes.push_back(shape);
  }
  return set;
}

Plan &Trainer::plan() {
  if (!state.plan) state.plan = std::make_unique<Plan>(state.options, model.output_names());
  return *state.plan;
}

namespace {
std::unique_ptr<run::Executable> makeExecutable(run::Program program, bool eagerly) {
  return eagerly ? run::interpret(std::move(program)) : run::compileNative(std::move(program));
}
} // namespace

run::Executable &Trainer::step(const Set &set, bool training) {
  std::string key = training ? "train" : "test";
  for (const Shape &shape : set.targetShapes) key += shapeString(shape);
  auto &code = state.steps[key];
  if (code) return *code;
  try {
    code = makeExecutable(traceStep(model, model.graph(), plan(), set.targetShapes, training), state.options.run_eagerly);
  } catch (const UserError &error) {
    throw UserError(std::string(caller) + ": " + error.what());
  }
  return *code;
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
  return traceStep(model, graph, trainer.plan(), trainer.likelyTargets(), function == "train_step");
}

run::Program Trainer::traceForDeployment(Model &model, bool train) {
  Trainer trainer(model, "compile_to");
  const Graph &graph = model.graph();
  if (!train) return cornu::traceForDeployment(model, graph, nullptr, {});
  if (!trainer.state.isCompiled) throw UserError("compile_to: the model must be compiled before it has a training step: call compile()");
  return cornu::traceForDeployment(model, graph, &trainer.plan(), trainer.likelyTargets());
}

std::vector<Shape> Trainer::likelyTargets() {
  std::vector<Shape> targets;
  const Graph &graph = model.graph();
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    targets.push_back(graph.outputs[i].shape());
    if (plan().losses[i].class_name() == "SparseCategoricalCrossentropy") targets.back().pop_back();
  }
  return targets;
}

void Trainer::checkBatch(int64_t rows) const {
  for (const Tensor &x : model.graph().inputs)
    if (auto *layer = dynamic_cast<InputLayer *>(x.node()->layer.get()); layer && layer->batch_size() && *layer->batch_size() != rows)
      fail("Input '" + layer->name() + "' takes batches of " + std::to_string(*layer->batch_size()), "a batch of " + std::to_string(rows));
}

void Trainer::pass(run::Executable &code, Feed &feed, const CallbackList &callbacks, bool training) {
  checkBatch(feed.rowsOf(0)), checkBatch(feed.rowsOf(feed.batches() - 1));
  bool readsLogs = callbacks.readsBatches(training);
  Logs batchLogs;
  std::vector<const Tracker *> sorted; // as batchLogs: the loop does not allocate
  if (readsLogs) {
    batchLogs = logs(), sorted = plan().all();
    std::sort(sorted.begin(), sorted.end(), [](const Tracker *a, const Tracker *b) { return a->key < b->key; });
  }
  for (int64_t i = 0; i < feed.batches() && !(training && state.stop); ++i) {
    callbacks.call(training ? &Callback::on_train_batch_begin : &Callback::on_test_batch_begin, i);
    code.run(feed.batch(i), nullptr, feed.rowsOf(i));
    for (size_t k = 0; k < sorted.size(); ++k) batchLogs[k].second = sorted[k]->result();
    callbacks.call(training ? &Callback::on_train_batch_end : &Callback::on_test_batch_end, i, batchLogs);
  }
}

Logs Trainer::logs(const std::string &prefix) {
  Logs values;
  for (const Tracker *tracker : plan().all()) values.emplace_back(prefix + tracker->key, tracker->result());
  std::sort(values.begin(), values.end());
  return values;
}

Logs Trainer::ordered() {
  Logs values;
  Plan &p = plan();
  values.emplace_back(p.loss.key, p.loss.result());
  for (const Tracker &t : p.outputLosses) values.emplace_back(t.key, t.result());
  auto firstMetric = static_cast<int64_t>(values.size());
  for (const auto &own : p.trackers)
    for (const Tracker &t : own) values.emplace_back(t.key, t.result());
  if (p.trackers.size() > 1) std::sort(values.begin() + firstMetric, values.end());
  return values;
}

History Trainer::fit(const Data &x, const Data &y, const FitOptions &o) {
  if (o.batch_size < 1) fail("batch_size must be positive", "batch_size=" + std::to_string(o.batch_size));
  if (o.epochs < 0) fail("epochs must not be negative", "epochs=" + std::to_string(o.epochs));
  if (o.verbose < 0 || o.verbose > 2) fail("verbose must be 0, 1 or 2", "verbose=" + std::to_string(o.verbose));
  if (!(o.validation_split >= 0 && o.validation_split < 1)) fail("validation_split must be in [0, 1)", "validation_split=" + std::to_string(o.validation_split));
  if (o.validation_freq < 1) fail("validation_freq must be positive", "validation_freq=" + std::to_string(o.validation_freq));

  Set training = load(x, y), validation;
  bool validates = o.validation_data.x.given();
  if (validates) {
    validation = load(o.validation_data.x, o.validation_data.y, "validation_data x", "validation_data y");
  } else if (o.validation_split > 0) {
    auto split = static_cast<int64_t>(std::floor(static_cast<double>(training.rows) * (1 - o.validation_split)));
    if (split == 0 || split == training.rows)
      fail("validation_split must leave samples on both sides", grouped(training.rows) + " samples and validation_split=" + std::to_string(o.validation_split));
    validation = training.part(split, training.rows);
    training = training.part(0, split);
    validates = true;
  }

  run::Executable &train = step(training, true);
  run::Executable *test = validates ? &step(validation, false) : nullptr;
  Feed feed = training.feed(o.batch_size), validationFeed;
  if (validates) validationFeed = validation.feed(o.validation_batch_size.value_or(o.batch_size));
  Plan &p = plan();

  CallbackList callbacks(o.callbacks, model, {.verbose = o.verbose, .epochs = o.epochs, .steps = feed.batches()}, /*fits=*/true);
  state.stop = false;
  uint64_t shuffleSeed = nextSeed();
  Logs epochLogs;
  callbacks.call(&Callback::on_train_begin);
  for (int64_t epoch = callbacks.initialEpoch(o.initial_epoch); epoch < o.epochs && !state.stop; ++epoch) {
    p.reset();
    if (o.shuffle) feed.order(permutation(feed.rows(), shuffleSeed, static_cast<uint64_t>(epoch)));
    callbacks.call(&Callback::on_epoch_begin, epoch);
    pass(train, feed, callbacks, true);
    epochLogs = logs();
    if (test && (epoch + 1) % o.validation_freq == 0) {
      callbacks.call(&Callback::on_test_begin);
      p.reset();
      pass(*test, validationFeed, callbacks, false);
      callbacks.call(&Callback::on_test_end, logs());
      Logs measured = logs("val_");
      epochLogs.insert(epochLogs.end(), measured.begin(), measured.end());
      std::sort(epochLogs.begin(), epochLogs.end());
    }
    callbacks.call(&Callback::on_epoch_end, epoch, epochLogs);
  }
  if (o.epochs > 0) model.optimizer().finalize_variable_values(model.trainable_weights());
  callbacks.call(&Callback::on_train_end, epochLogs);
  return callbacks.history();
}

Logs Trainer::evaluate(const Data &x, const Data &y, const EvaluateOptions &o) {
  if (o.batch_size < 1) fail("batch_size must be positive", "batch_size=" + std::to_string(o.batch_size));
  Set set = load(x, y);
  run::Executable &code = step(set, false);
  Feed feed = set.feed(o.batch_size);
  CallbackList callbacks(o.callbacks, model, {.verbose = o.verbose, .steps = feed.batches()}, /*fits=*/false);
  callbacks.call(&Callback::on_test_begin);
  plan().reset();
  pass(code, feed, callbacks, false);
  callbacks.call(&Callback::on_test_end, logs());
  return ordered();
}

Logs Trainer::onBatch(const Data &x, const Data &y, bool training) {
  Set set = load(x, y);
  run::Executable &code = step(set, training);
  Feed feed = set.feed(set.rows);
  plan().reset();
  checkBatch(feed.rowsOf(0));
  code.run(feed.batch(0), nullptr, feed.rowsOf(0));
  return ordered();
}

std::vector<Array> Trainer::predict(const Data &x, const PredictOptions &o) {
  if (o.batch_size < 1) fail("batch_size must be positive", "batch_size=" + std::to_string(o.batch_size));
  Feed feed(loadInputs(x, "x"), o.batch_size);
  run::Executable &code = predictor();
  std::vector<Array> outputs;
  std::vector<size_t> rowBytes;
  for (const Tensor &y : model.graph().outputs) {
    Shape shape = y.shape();
    shape[0] = feed.rows();
    outputs.push_back(Array::uninitialized(shape, y.dtype()));
    rowBytes.push_back(outputs.back().bytes() / static_cast<size_t>(feed.rows()));
  }
  checkBatch(feed.rowsOf(0)), checkBatch(feed.rowsOf(feed.batches() - 1));
  std::vector<void *> pointers(outputs.size());
  CallbackList callbacks(o.callbacks, model, {.verbose = o.verbose, .steps = feed.batches()}, /*fits=*/false);
  callbacks.call(&Callback::on_predict_begin);
  for (int64_t i = 0; i < feed.batches(); ++i) {
    callbacks.call(&Callback::on_predict_batch_begin, i);
    // Each batch is written where it belongs in the result.
    for (size_t k = 0; k < outputs.size(); ++k)
      pointers[k] = static_cast<char *>(outputs[k].raw()) + static_cast<size_t>(feed.firstRow(i)) * rowBytes[k];
    code.run(feed.batch(i), pointers.data(), feed.rowsOf(i));
    std::vector<Array> predicted;
    for (const Array &output : outputs) predicted.push_back(output.rows(feed.firstRow(i), feed.firstRow(i) + feed.rowsOf(i)));
    callbacks.call(&Callback::on_predict_batch_end, i, predicted);
  }
  callbacks.call(&Callback::on_predict_end);
  return outputs;
}

} // namespace cornu
