#include "frontend/training/steps.h"

#include <algorithm>

#include "frontend/metrics/make.h"
#include "frontend/ops/ops.h"

namespace cornu {

namespace {

std::vector<trace::Slot> inputSlots(const Graph &graph) {
  std::vector<trace::Slot> slots;
  for (const Tensor &x : graph.inputs) slots.push_back({x.name(), x.shape(), x.dtype()});
  return slots;
}

run::Program finish(trace::Trace &trace, const char *function) {
  std::vector<Variable> variables = trace.variables();
  std::vector<run::IndexRange> ranges = run::indexRangesOf(trace.module().lookupSymbol<mlir::func::FuncOp>(function));
  return {trace.take(), function, std::move(variables), std::move(ranges)};
}

void emitPredict(trace::Trace &trace, const Graph &graph, const std::vector<std::string> &outputNames) {
  Tensors outputs = graph.run(trace.begin("predict", inputSlots(graph), /*training=*/false));
  // The rows of several batches are joined.
  for (size_t i = 0; i < outputs.size(); ++i)
    for (int64_t axis = 1; axis < outputs[i].rank(); ++axis)
      if (outputs[i].dim(axis) < 0)
        throw UserError("an output must have the batch as its first axis alone", "'" + outputNames[i] + "' of shape " + shapeString(outputs[i].shape()));
  trace.end(outputs, outputNames);
}

const char *stepName(bool training) { return training ? "train_step" : "test_step"; }

/// A step's arguments by what they are for; targets and weights may be absent.
struct StepArguments {
  Tensors inputs, targets, weights;
  Tensor target(size_t output) const { return targets.empty() ? Tensor() : targets[output]; }
  Tensor weight(size_t output) const { return weights.empty() ? Tensor() : weights[output]; }
};

StepArguments beginStep(trace::Trace &trace, const Graph &graph, const Plan &plan, const StepShapes &shapes, bool training) {
  std::vector<trace::Slot> slots = inputSlots(graph);
  auto add = [&](const std::vector<Shape> &all, const char *single, const char *suffix) {
    for (size_t i = 0; i < all.size(); ++i) {
      Shape shape = all[i];
      shape[0] = -1;
      // Targets and weights become the type of the computation, labels too, as in Keras.
      DType type = isFloating(graph.outputs[i].dtype()) ? graph.outputs[i].dtype() : DType::Float32;
      slots.push_back({plan.outputs.size() == 1 ? single : plan.outputs[i].name + suffix, shape, type});
    }
  };
  add(shapes.targets, "target", "_target");
  add(shapes.weights, "sample_weight", "_sample_weight");
  Tensors all = trace.begin(stepName(training), slots, training);
  auto targets = all.begin() + static_cast<int64_t>(graph.inputs.size()), weights = targets + static_cast<int64_t>(shapes.targets.size());
  return {{all.begin(), targets}, {targets, weights}, {weights, all.end()}};
}

/// Runs `emit`; its UserErrors say of which output it spoke.
template <class F> auto about(const Plan::Output &output, F emit) {
  try {
    return emit();
  } catch (const UserError &error) {
    throw UserError("output '" + output.name + "': " + error.what());
  }
}

/// The loss of one output; without a reduction a vector.
Tensor lossOf(const Plan::Output &output, const Tensor &target, const Tensor &prediction, const Tensor &weight) {
  return about(output, [&] {
    if (!target) throw UserError("a loss needs targets: y must be given");
    Tensor value = output.loss.reduced(target, prediction, weight);
    bool reduces = !output.loss.get_config().isObject() || output.loss.get_config().get("reduction") != Json("none");
    if (reduces && value.rank() != 0) throw UserError("a loss must give a number for each sample", "shape=" + shapeString(value.shape()));
    return value;
  });
}

/// Σ weight · loss of the outputs, what layers add, regularizers. `outputLosses` gets the loss of each output.
Tensor totalLoss(const trace::Trace &trace, const Model &model, const Plan &plan, const StepArguments &arguments, const Tensors &predictions, Tensors &outputLosses) {
  Tensor total;
  auto add = [&](const Tensor &term) { total = total ? total + term : term; };
  for (size_t i = 0; i < predictions.size(); ++i) {
    const Plan::Output &output = plan.outputs[i];
    outputLosses.push_back(output.loss ? lossOf(output, arguments.target(i), predictions[i], arguments.weight(i)) : Tensor());
    if (output.loss) add(output.weight == 1 ? outputLosses[i] : outputLosses[i] * output.weight);
  }
  for (const Tensor &added : trace.losses) add(added);
  for (const Variable &w : model.trainable_weights())
    if (w.regularizer()) add(w.regularizer()(w));
  if (!total) throw UserError("there is no loss: give one to compile(), or have a layer add one");
  return total;
}

void emitMetrics(const trace::Trace &trace, Plan &plan, const StepArguments &arguments, const Tensors &predictions, const Tensor &total, const Tensors &outputLosses) {
  Tensor batch = cast(batch_size(), DType::Float32);
  auto averaged = [](const Tensor &x) { return cast(x.rank() ? mean(x) : x, DType::Float32); };
  // The loss is weighted by the size of its batch; those of the outputs are not, unless they have a value for each sample.
  plan.loss.update({averaged(total) * batch, batch});
  for (size_t i = 0; i < predictions.size(); ++i) {
    Plan::Output &output = plan.outputs[i];
    if (output.lossTracker) output.lossTracker->update(metrics::meanIncrements(outputLosses[i], {}));
    for (Plan::Measure &measure : output.measures)
      about(output, [&] {
        if (!arguments.target(i)) throw UserError("the metric '" + measure.metric.name() + "' needs targets: y must be given");
        measure.tracker.update(measure.metric.accumulator().increments(arguments.target(i), predictions[i], measure.weighted ? arguments.weight(i) : Tensor()));
      });
  }
  // A layer that is called several times adds to one metric.
  std::vector<std::pair<Tracker *, Tensors>> added;
  for (const auto &[layer, name, value] : trace.metrics) {
    Tracker *tracker = &plan.layerMetric(layer, name);
    Tensors increments = metrics::meanIncrements(value, {});
    auto known = std::find_if(added.begin(), added.end(), [&](const auto &entry) { return entry.first == tracker; });
    if (known == added.end()) added.emplace_back(tracker, increments);
    else for (size_t i = 0; i < increments.size(); ++i) known->second[i] = known->second[i] + increments[i];
  }
  for (const auto &[tracker, increments] : added) tracker->update(increments);
}

void emitStep(trace::Trace &trace, Model &model, const Graph &graph, Plan &plan, const StepShapes &shapes, bool training) {
  StepArguments arguments = beginStep(trace, graph, plan, shapes, training);
  Tensors predictions = graph.run(arguments.inputs), outputLosses;
  Tensor total;
  {
    trace::Scope scope("loss");
    total = totalLoss(trace, model, plan, arguments, predictions, outputLosses);
  }
  if (std::vector<Variable> weights = model.trainable_weights(); training && !weights.empty()) {
    Tensors grads;
    {
      trace::Scope scope("gradient");
      grads = gradients(model.optimizer().scale_loss(total.rank() ? sum(total) : total), weights);
    }
    model.optimizer().apply(grads, weights);
  }
  {
    trace::Scope scope("metrics");
    emitMetrics(trace, plan, arguments, predictions, total, outputLosses);
  }
  trace.end({}, {});
}

} // namespace

run::Program tracePredict(const Graph &graph, const std::vector<std::string> &outputNames) {
  trace::Trace trace;
  emitPredict(trace, graph, outputNames);
  return finish(trace, "predict");
}

run::Program traceStep(Model &model, const Graph &graph, Plan &plan, const StepShapes &shapes, bool training) {
  trace::Trace trace;
  emitStep(trace, model, graph, plan, shapes, training);
  return finish(trace, stepName(training));
}

run::Program traceResults(Plan &plan, std::vector<Tracker *> &computed) {
  trace::Trace trace;
  trace.begin("read_metrics", {}, /*training=*/false);
  Tensors results;
  std::vector<std::string> keys;
  for (Tracker *tracker : plan.inOrder())
    if (!tracker->isMean() && tracker->updated()) computed.push_back(tracker), results.push_back(tracker->emitResult()), keys.push_back(tracker->key());
  trace.end(results, keys);
  return finish(trace, "read_metrics");
}

run::Program traceForDeployment(Model &model, const Graph &graph, Plan *plan, const StepShapes &shapes) {
  trace::Trace trace;
  emitPredict(trace, graph, model.output_names());
  if (plan) {
    emitStep(trace, model, graph, *plan, shapes, /*training=*/true);
    for (Tracker *tracker : plan->inOrder()) {
      trace.begin("read_" + tracker->key(), {}, /*training=*/false);
      trace.end({tracker->emitResult()}, {"value"});
    }
  }
  return finish(trace, "predict");
}

} // namespace cornu
