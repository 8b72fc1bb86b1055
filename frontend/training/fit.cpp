// The loops of fit and evaluate.
#include <algorithm>
#include <cmath>

#include "frontend/core/seed.h"
#include "frontend/training/trainer.h"
#include "frontend/utils/warn.h"

namespace cornu {

int64_t Trainer::batchSize(std::optional<int64_t> asked, std::optional<int64_t> steps, int64_t rows) {
  return asked ? *asked : steps ? (rows + *steps - 1) / *steps : 32;
}

void Trainer::checkPositive(const char *name, std::optional<int64_t> value) const {
  if (value && *value < 1) fail(std::string(name) + " must be positive", std::string(name) + "=" + std::to_string(*value));
}

void Trainer::checkVerbose(int verbose) const {
  if (verbose < 0 || verbose > 2) fail("verbose must be 0, 1 or 2", "verbose=" + std::to_string(verbose));
}

// Streams

std::unique_ptr<Stream> Trainer::arrayStream(const Set &set, int64_t batch, bool training, std::optional<uint64_t> shuffleSeed) {
  Feed feed = set.feed(batch);
  checkBatch(feed.rowsOf(0)), checkBatch(feed.rowsOf(feed.batches() - 1));
  return std::make_unique<ArrayStream>(step(set, training), std::move(feed), shuffleSeed);
}

std::unique_ptr<Stream> Trainer::sourceStream(const Batches &source, const ClassWeight &classWeight, bool training, std::optional<uint64_t> shuffleSeed) {
  auto current = std::make_shared<std::pair<Set, Feed>>(); // what the pointers of a step point into
  return std::make_unique<SourceStream>(checked(source), [this, current, classWeight, training](const Batch &batch) {
    auto &[set, feed] = *current;
    set = load(batch.x, batch.y, batch.sample_weight);
    weighClasses(set, classWeight);
    checkBatch(set.rows);
    feed = set.feed(set.rows);
    return Step{&step(set, training), feed.batch(0), set.rows};
  }, shuffleSeed);
}

const Batches &Trainer::checked(const Batches &source) const {
  if (!source) fail("batches must come from a function", "none");
  return source;
}

std::optional<uint64_t> Trainer::shuffleSeed(const FitOptions &o) const { return o.shuffle ? std::optional(nextSeed()) : std::nullopt; }

// fit and evaluate

void Trainer::runEpoch(Epochs &epochs, const CallbackList &callbacks, bool training) {
  bool readsLogs = callbacks.readsBatches(training);
  int64_t atOnce = state.options.steps_per_execution;
  Logs batchLogs;
  std::vector<Tracker *> sorted; // as batchLogs: steps do not allocate
  Step step;
  epochs.begin();
  for (int64_t i = 0; epochs.next(step); i += atOnce) {
    callbacks.call(training ? &Callback::on_train_batch_begin : &Callback::on_test_batch_begin, i);
    int64_t done = 0;
    do step.code->run(step.inputs, nullptr, step.rows);
    while (++done < atOnce && epochs.next(step));
    if (readsLogs) readMetrics();
    if (readsLogs && batchLogs.size() != plan().size()) batchLogs = logs(), sorted = plan().sorted();
    for (size_t k = 0; k < sorted.size(); ++k) batchLogs[k].second = sorted[k]->result();
    callbacks.call(training ? &Callback::on_train_batch_end : &Callback::on_test_batch_end, i + atOnce - 1, batchLogs);
    if (training && state.stop) break;
  }
  if (epochs.interrupted())
    warn(std::string(caller) + ": the data ran out after " + std::to_string(epochs.count()) + " steps of an epoch. It must be enough for all steps of all epochs, or start again.");
}

History Trainer::fit(const Data &x, const Data &y, const FitOptions &o) {
  check(o);
  Set training = load(x, y, o.sample_weight), held;
  if (!o.validation_data.given() && o.validation_split > 0) {
    auto split = static_cast<int64_t>(std::floor(static_cast<double>(training.rows) * (1 - o.validation_split)));
    if (split == 0 || split == training.rows)
      fail("validation_split must leave samples on both sides", grouped(training.rows) + " samples and validation_split=" + std::to_string(o.validation_split));
    held = training.part(split, training.rows);
    training = training.part(0, split);
  }
  weighClasses(training, o.class_weight);
  std::unique_ptr<Stream> stream = arrayStream(training, batchSize(o.batch_size, o.steps_per_epoch, training.rows), true, shuffleSeed(o));
  std::unique_ptr<Stream> validation = held.rows ? validationStream(held, o) : validationStream(o);
  return fit(*stream, validation.get(), o);
}

History Trainer::fit(const Batches &source, const FitOptions &o) {
  check(o);
  if (o.sample_weight.given()) fail("sample_weight must be part of the batches: {x, y, sample_weight}", "sample_weight beside them");
  if (o.validation_split > 0) fail("validation_split takes arrays; give validation_data", "validation_split=" + pythonRepr(o.validation_split));
  std::unique_ptr<Stream> stream = sourceStream(source, o.class_weight, true, shuffleSeed(o));
  std::unique_ptr<Stream> validation = validationStream(o);
  return fit(*stream, validation.get(), o);
}

void Trainer::check(const FitOptions &o) const {
  checkPositive("batch_size", o.batch_size), checkPositive("validation_batch_size", o.validation_batch_size);
  checkPositive("steps_per_epoch", o.steps_per_epoch), checkPositive("validation_steps", o.validation_steps);
  checkVerbose(o.verbose);
  if (o.epochs < 0) fail("epochs must not be negative", "epochs=" + std::to_string(o.epochs));
  if (o.initial_epoch < 0) fail("initial_epoch must not be negative", "initial_epoch=" + std::to_string(o.initial_epoch));
  if (!(o.validation_split >= 0 && o.validation_split < 1)) fail("validation_split must be in [0, 1)", "validation_split=" + pythonRepr(o.validation_split));
  for (int64_t epoch : o.validation_freq.list()) checkPositive("validation_freq", epoch);
}

std::unique_ptr<Stream> Trainer::validationStream(const Set &set, const FitOptions &o) {
  return arrayStream(set, batchSize(o.validation_batch_size ? o.validation_batch_size : o.batch_size, o.validation_steps, set.rows), false, {});
}

std::unique_ptr<Stream> Trainer::validationStream(const FitOptions &o) {
  const Validation &v = o.validation_data;
  if (!v.given()) return nullptr;
  if (v.source) return sourceStream(v.source, {}, false, {});
  return validationStream(load(v.x, v.y, v.sample_weight, "validation_data "), o);
}

namespace {
/// Whether Keras validates after this epoch: every so many, or those of a list that counts from 1.
bool validatesAfter(int64_t epoch, const OneOrMany<int64_t> &freq) {
  const std::vector<int64_t> &list = freq.list();
  return freq.isSingle() ? (epoch + 1) % list.front() == 0 : std::find(list.begin(), list.end(), epoch + 1) != list.end();
}
} // namespace

History Trainer::fit(Stream &training, Stream *validation, const FitOptions &o) {
  std::optional<Epochs> test;
  if (validation) test.emplace(*validation, o.validation_steps);
  std::optional<int64_t> steps = o.steps_per_epoch ? o.steps_per_epoch : training.batches();
  CallbackList callbacks(o.callbacks, model, {.verbose = o.verbose, .epochs = o.epochs, .steps = steps}, /*fits=*/true);
  state.stop = false;
  Logs epochLogs;
  callbacks.call(&Callback::on_train_begin);
  int64_t first = callbacks.initialEpoch(o.initial_epoch);
  Epochs train(training, o.steps_per_epoch, static_cast<uint64_t>(first)); // the same order as if the epochs before had been run
  for (int64_t epoch = first; epoch < o.epochs && !state.stop; ++epoch) {
    resetMetrics();
    callbacks.call(&Callback::on_epoch_begin, epoch);
    runEpoch(train, callbacks, true);
    if (train.count() == 0) {
      if (epochLogs.empty()) fail("the source must give at least one batch", "none");
      break;
    }
    epochLogs = logs();
    if (test && validatesAfter(epoch, o.validation_freq)) {
      Logs measured = measure(*test, callbacks, "val_");
      epochLogs.insert(epochLogs.end(), measured.begin(), measured.end());
      std::sort(epochLogs.begin(), epochLogs.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    }
    callbacks.call(&Callback::on_epoch_end, epoch, epochLogs);
  }
  if (o.epochs > 0) model.optimizer().finalize_variable_values(model.trainable_weights());
  callbacks.call(&Callback::on_train_end, epochLogs);
  return callbacks.history();
}

Logs Trainer::measure(Epochs &epochs, const CallbackList &callbacks, const std::string &prefix) {
  callbacks.call(&Callback::on_test_begin);
  resetMetrics();
  epochs.restart();
  runEpoch(epochs, callbacks, false);
  if (epochs.count() == 0) fail("the source must give at least one batch", "none");
  callbacks.call(&Callback::on_test_end, logs());
  return logs(prefix);
}

Logs Trainer::evaluate(Stream &stream, const EvaluateOptions &o) {
  Epochs epochs(stream, o.steps);
  measure(epochs, CallbackList(o.callbacks, model, {.verbose = o.verbose, .steps = epochs.length()}, /*fits=*/false), "");
  return ordered();
}

Logs Trainer::evaluate(const Data &x, const Data &y, const EvaluateOptions &o) {
  checkPositive("batch_size", o.batch_size), checkPositive("steps", o.steps), checkVerbose(o.verbose);
  Set set = load(x, y, o.sample_weight);
  return evaluate(*arrayStream(set, batchSize(o.batch_size, o.steps, set.rows), false, {}), o);
}

Logs Trainer::evaluate(const Batches &source, const EvaluateOptions &o) {
  checkPositive("steps", o.steps), checkVerbose(o.verbose);
  if (o.sample_weight.given()) fail("sample_weight must be part of the batches: {x, y, sample_weight}", "sample_weight beside them");
  return evaluate(*sourceStream(source, {}, false, {}), o);
}

Logs Trainer::onBatch(const Data &x, const Data &y, const BatchOptions &o, bool training) {
  Set set = load(x, y, o.sample_weight);
  weighClasses(set, o.class_weight);
  checkBatch(set.rows);
  run::Executable &code = step(set, training);
  if (o.reset_metrics) resetMetrics();
  code.run(set.feed(set.rows).batch(0), nullptr, set.rows);
  return ordered();
}

} // namespace cornu
