// The loops of predict.
#include <cstring>

#include "frontend/training/trainer.h"

namespace cornu {

namespace {
/// The rows of all, one array after the other.
Array joined(const std::vector<Array> &parts) {
  Shape shape = parts.front().shape();
  shape[0] = 0;
  for (const Array &part : parts) shape[0] += part.dim(0);
  Array all = Array::uninitialized(shape, parts.front().dtype());
  auto *at = static_cast<char *>(all.raw());
  for (const Array &part : parts) std::memcpy(at, part.raw(), part.bytes()), at += part.bytes();
  return all;
}
} // namespace

std::vector<Array> Trainer::outputsFor(int64_t rows) const {
  std::vector<Array> outputs;
  for (const Tensor &y : model.graph().outputs) {
    Shape shape = y.shape();
    shape[0] = rows;
    outputs.push_back(Array::uninitialized(shape, y.dtype()));
  }
  return outputs;
}

void Trainer::predictBatch(void *const *inputs, std::vector<Array> &outputs, int64_t rows) {
  checkBatch(rows);
  std::vector<void *> pointers;
  for (Array &output : outputs) pointers.push_back(output.raw());
  predictor().run(inputs, pointers.data(), rows);
}

std::vector<Array> Trainer::predict(const Data &x, const PredictOptions &o) {
  checkPositive("batch_size", o.batch_size), checkPositive("steps", o.steps), checkVerbose(o.verbose);
  std::vector<Array> inputs = loadInputs(x, "x");
  checkInputs(predictor(), inputs);
  int64_t rows = inputs[0].dim(0);
  Feed feed(std::move(inputs), batchSize(o.batch_size, o.steps, rows));
  int64_t steps = std::min(feed.batches(), o.steps.value_or(feed.batches()));
  std::vector<Array> outputs = outputsFor(std::min(rows, feed.firstRow(steps)));
  CallbackList callbacks(o.callbacks, model, {.verbose = o.verbose, .steps = steps}, /*fits=*/false);
  callbacks.call(&Callback::on_predict_begin);
  for (int64_t i = 0; i < steps; ++i) {
    callbacks.call(&Callback::on_predict_batch_begin, i);
    // Each batch is written where it belongs in the result.
    std::vector<Array> part;
    for (const Array &output : outputs) part.push_back(output.rows(feed.firstRow(i), feed.firstRow(i) + feed.rowsOf(i)));
    predictBatch(feed.batch(i), part, feed.rowsOf(i));
    callbacks.call(&Callback::on_predict_batch_end, i, part);
  }
  callbacks.call(&Callback::on_predict_end);
  return outputs;
}

std::vector<Array> Trainer::predict(const Batches &source, const PredictOptions &o) {
  checkPositive("steps", o.steps), checkVerbose(o.verbose);
  Feed current;
  std::unique_ptr<Stream> stream = std::make_unique<SourceStream>(checked(source), [&](const Batch &batch) {
    std::vector<Array> inputs = loadInputs(batch.x, "x");
    checkInputs(predictor(), inputs);
    int64_t rows = inputs[0].dim(0);
    current = Feed(std::move(inputs), rows);
    return Step{&predictor(), current.batch(0), rows};
  }, std::nullopt);
  Epochs epochs(*stream, o.steps);
  CallbackList callbacks(o.callbacks, model, {.verbose = o.verbose, .steps = epochs.length()}, /*fits=*/false);
  callbacks.call(&Callback::on_predict_begin);
  std::vector<std::vector<Array>> parts; // by output
  Step step;
  epochs.begin();
  for (int64_t i = 0; epochs.next(step); ++i) {
    callbacks.call(&Callback::on_predict_batch_begin, i);
    std::vector<Array> part = outputsFor(step.rows);
    predictBatch(step.inputs, part, step.rows);
    callbacks.call(&Callback::on_predict_batch_end, i, part);
    parts.resize(part.size());
    for (size_t k = 0; k < part.size(); ++k) parts[k].push_back(part[k]);
  }
  if (parts.empty()) fail("the source must give at least one batch", "none");
  callbacks.call(&Callback::on_predict_end);
  std::vector<Array> outputs;
  for (const std::vector<Array> &rows : parts) outputs.push_back(joined(rows));
  return outputs;
}

} // namespace cornu
