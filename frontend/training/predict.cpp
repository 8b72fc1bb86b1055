// The loops of predict.
#include <cstring>

#include "frontend/training/trainer.h"

namespace cornu {

namespace {
/// The rows of all parts, one after the other, for each output.
std::vector<Array> joined(const std::vector<std::vector<Array>> &parts) {
  if (parts.size() == 1) return parts.front();
  std::vector<Array> outputs;
  for (size_t k = 0; k < parts.front().size(); ++k) {
    Shape shape = parts.front()[k].shape();
    shape[0] = 0;
    for (const std::vector<Array> &part : parts) {
      if (!std::equal(shape.begin() + 1, shape.end(), part[k].shape().begin() + 1, part[k].shape().end()))
        throw UserError("predict: to be joined the outputs of all batches must have the same extents beside the batch; predict_on_batch gives each alone",
                        shapeString(part[k].shape()) + " after " + shapeString(parts.front()[k].shape()));
      shape[0] += part[k].dim(0);
    }
    Array all = Array::uninitialized(shape, parts.front()[k].dtype());
    auto *at = static_cast<char *>(all.raw());
    for (const std::vector<Array> &part : parts) std::memcpy(at, part[k].raw(), part[k].bytes()), at += part[k].bytes();
    outputs.push_back(all);
  }
  return outputs;
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

void Trainer::predictBatch(run::Executable &code, void *const *inputs, std::vector<Array> &outputs, int64_t rows) {
  checkBatch(rows);
  std::vector<void *> pointers;
  for (Array &output : outputs) pointers.push_back(output.raw());
  code.run(inputs, pointers.data(), rows);
}

std::vector<Array> Trainer::predict(const Data &x, const PredictOptions &o) {
  checkPositive("batch_size", o.batch_size), checkPositive("steps", o.steps), checkVerbose(o.verbose);
  std::vector<Array> inputs = loadInputs(x, "x");
  run::Executable &code = predictor();
  checkInputs(code, inputs);
  int64_t rows = inputs[0].dim(0);
  Feed feed(std::move(inputs), batchSize(o.batch_size, o.steps, rows));
  int64_t steps = std::min(feed.batches(), o.steps.value_or(feed.batches()));
  std::vector<Array> outputs = outputsFor(std::min(rows, feed.firstRow(steps)));
  CallbackList callbacks(o.callbacks, model, {.verbose = o.verbose, .steps = steps}, /*fits=*/false);
  callbacks.call(&Callback::on_predict_begin);
  // Each batch is written where it belongs in the result.
  auto part = [&](int64_t begin, int64_t end) {
    std::vector<Array> rowsOnly;
    for (const Array &output : outputs) rowsOnly.push_back(output.rows(feed.firstRow(begin), feed.firstRow(end - 1) + feed.rowsOf(end - 1)));
    return rowsOnly;
  };
  int64_t atOnce = state.options.steps_per_execution;
  for (int64_t i = 0; i < steps; i += atOnce) {
    callbacks.call(&Callback::on_predict_batch_begin, i);
    int64_t end = std::min(i + atOnce, steps);
    for (int64_t k = i; k < end; ++k) {
      std::vector<Array> batch = part(k, k + 1);
      predictBatch(code, feed.batch(k), batch, feed.rowsOf(k));
    }
    callbacks.call(&Callback::on_predict_batch_end, i + atOnce - 1, part(i, end));
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
  std::vector<std::vector<Array>> parts; // of each execution, by output
  Step step;
  epochs.begin();
  int64_t atOnce = state.options.steps_per_execution;
  for (int64_t i = 0; epochs.next(step); i += atOnce) {
    callbacks.call(&Callback::on_predict_batch_begin, i);
    std::vector<std::vector<Array>> done;
    do {
      done.push_back(outputsFor(step.rows));
      predictBatch(*step.code, step.inputs, done.back(), step.rows);
    } while (static_cast<int64_t>(done.size()) < atOnce && epochs.next(step));
    parts.push_back(joined(done));
    callbacks.call(&Callback::on_predict_batch_end, i + atOnce - 1, parts.back());
  }
  if (parts.empty()) fail("the source must give at least one batch", "none");
  callbacks.call(&Callback::on_predict_end);
  return joined(parts);
}

} // namespace cornu
