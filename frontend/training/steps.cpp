#include "frontend/training/steps.h"

#include <set>

#include "frontend/layers/input.h"
#include "frontend/ops/ops.h"

namespace cornu {

Tracker::Tracker(const std::string &key, Accumulator accumulator) : key(key), accumulator(std::move(accumulator)) {}
double Tracker::result() const {
  if (totals.empty()) return 0;
  if (accumulator.result) return accumulator.result(totals);
  double n = totals[1].value().at(0);
  // In float32, as Keras divides.
  return n == 0 ? 0 : static_cast<double>(static_cast<float>(totals[0].value().at(0)) / static_cast<float>(n));
}
void Tracker::reset() {
  for (Variable &total : totals) total.fill(0);
}
void Tracker::update(const Tensors &increments) const {
  for (size_t i = totals.size(); i < increments.size(); ++i) {
    std::string name = accumulator.result ? "total_" + std::to_string(i) : i == 0 ? "total" : "count";
    totals.push_back(Variable::create(name, "metrics/" + key + "/" + name, increments[i].shape(), {.trainable = false, .role = Role::Metric}));
  }
  for (size_t i = 0; i < totals.size(); ++i) assign(totals[i], Tensor(totals[i]) + cast(increments[i], DType::Float32));
}

Plan::Plan(const CompileOptions &options, const std::vector<std::string> &outputs)
    : losses(options.loss.resolve(outputs)), weights(options.loss_weights.resolve(outputs)), metrics(options.metrics.resolve(outputs)) {
  std::set<std::string> taken = {"loss"};
  auto unique = [&](const std::string &key) {
    std::string candidate = key;
    for (int i = 1; !taken.insert(candidate).second; ++i) candidate = key + "_" + std::to_string(i);
    return candidate;
  };
  if (outputs.size() > 1)
    for (const std::string &output : outputs) outputLosses.emplace_back(unique(output + "_loss"));
  for (size_t i = 0; i < outputs.size(); ++i) {
    auto &own = trackers.emplace_back();
    for (const Metric &metric : metrics[i]) own.emplace_back(unique(outputs.size() > 1 ? outputs[i] + "_" + metric.name() : metric.name()), metric.accumulator());
  }
}

std::vector<const Tracker *> Plan::all() const {
  std::vector<const Tracker *> list = {&loss};
  for (const Tracker &t : outputLosses) list.push_back(&t);
  for (const auto &own : trackers)
    for (const Tracker &t : own) list.push_back(&t);
  return list;
}

void Plan::reset() {
  for (const Tracker *t : all()) const_cast<Tracker *>(t)->reset();
}

namespace {

std::vector<trace::Slot> inputSlots(const Graph &graph) {
  std::vector<trace::Slot> slots;
  for (const Tensor &x : graph.inputs) slots.push_back({x.name(), x.shape(), x.dtype()});
  return slots;
}

run::Program finish(trace::Trace &trace, const char *function) {
  std::vector<Variable> variables = trace.variables();
  return {trace.take(), function, std::move(variables)};
}

void emitPredict(trace::Trace &trace, const Graph &graph, const std::vector<std::string> &outputNames) {
  Tensors outputs = graph.run(trace.begin("predict", inputSlots(graph), /*training=*/false));
  trace.end(outputs, outputNames);
}

const char *stepName(bool training) { return training ? "train_step" : "test_step"; }

void emitStep(trace::Trace &trace, Model &model, const Graph &graph, const Plan &plan, const std::vector<Shape> &targetShapes, bool training) {
  std::vector<std::string> outputs = model.output_names();
  std::vector<trace::Slot> slots = inputSlots(graph);
  for (size_t i = 0; i < targetShapes.size(); ++i) {
    Shape shape = targetShapes[i];
    shape[0] = -1;
    // Targets become the type of the computation, labels too, as in Keras.
    DType type = isFloating(graph.outputs[i].dtype()) ? graph.outputs[i].dtype() : DType::Float32;
    slots.push_back({outputs.size() == 1 ? "target" : outputs[i] + "_target", shape, type});
  }
  Tensors arguments = trace.begin(stepName(training), slots, training);
  auto split = arguments.begin() + static_cast<int64_t>(graph.inputs.size());
  Tensors inputs(arguments.begin(), split), targets(split, arguments.end());
  Tensors predictions = graph.run(inputs);

  Tensor total;
  Tensors outputLosses;
  {
    trace::Scope scope("loss");
    for (size_t i = 0; i < predictions.size(); ++i) {
      Tensor value;
      try {
        value = plan.losses[i].reduced(targets[i], predictions[i]);
      } catch (const UserError &error) {
        throw UserError("output '" + outputs[i] + "': " + error.what());
      }
      // Without a reduction the loss is a vector, whose sum is minimised and whose mean is logged.
      bool reduces = !plan.losses[i].get_config().isObject() || plan.losses[i].get_config().get("reduction") != Json("none");
      if (reduces && value.rank() != 0) throw UserError("output '" + outputs[i] + "': a loss must give a number for each sample", "shape=" + shapeString(value.shape()));
      outputLosses.push_back(value);
      Tensor weighted = plan.weights[i] == 1 ? value : value * plan.weights[i];
      total = total ? total + weighted : weighted;
    }
    for (const Tensor &added : Tensors(trace.losses)) total = total + added;
    for (const Variable &w : model.trainable_weights())
      if (w.regularizer()) total = total + w.regularizer()(w);
  }

  if (training) {
    std::vector<Variable> weights = model.trainable_weights();
    Tensors grads;
    {
      trace::Scope scope("gradient");
      grads = gradients(model.optimizer().scale_loss(total.rank() ? sum(total) : total), weights);
    }
    model.optimizer().apply(grads, weights);
  }

  trace::Scope scope("metrics");
  Tensor batch = cast(batch_size(), DType::Float32);
  auto averaged = [](const Tensor &x) { return cast(x.rank() ? mean(x) : x, DType::Float32); };
  // The loss is weighted by the size of its batch, those of the outputs are not.
  plan.loss.update({averaged(total) * batch, batch});
  for (size_t i = 0; i < plan.outputLosses.size(); ++i) plan.outputLosses[i].update({averaged(outputLosses[i]), 1});
  for (size_t i = 0; i < predictions.size(); ++i)
    for (const Tracker &tracker : plan.trackers[i]) tracker.update(tracker.accumulator.increments(targets[i], predictions[i]));
  trace.end({}, {});
}

} // namespace

run::Program tracePredict(const Graph &graph, const std::vector<std::string> &outputNames) {
  trace::Trace trace;
  emitPredict(trace, graph, outputNames);
  return finish(trace, "predict");
}

run::Program traceStep(Model &model, const Graph &graph, const Plan &plan, const std::vector<Shape> &targetShapes, bool training) {
  trace::Trace trace;
  emitStep(trace, model, graph, plan, targetShapes, training);
  return finish(trace, stepName(training));
}

run::Program traceForDeployment(Model &model, const Graph &graph, const Plan *plan, const std::vector<Shape> &targetShapes) {
  trace::Trace trace;
  emitPredict(trace, graph, model.output_names());
  if (plan) emitStep(trace, model, graph, *plan, targetShapes, /*training=*/true);
  return finish(trace, "predict");
}

} // namespace cornu
