// What compile() makes of its options, and the functions traced from it. Internal: knows MLIR.
#pragma once

#include "frontend/models/graph.h"
#include "frontend/models/model.h"
#include "frontend/run/Executable.h"
#include "frontend/trace/Trace.h"

namespace cornu {

/// A metric over an epoch, kept in totals that compiled code updates.
struct Tracker {
  std::string key;
  Accumulator accumulator;
  /// Without an accumulator it is a mean, of which update() is given total and count.
  explicit Tracker(const std::string &key, Accumulator accumulator = {});
  double result() const;
  void reset();
  /// Emits: each total += its increment.
  void update(const Tensors &increments) const;

private:
  /// Made when the first function is traced that updates them, which tells their shapes.
  mutable std::vector<Variable> totals;
};

/// compile()'s options resolved against the model's outputs.
struct Plan {
  std::vector<Loss> losses;
  std::vector<double> weights;
  std::vector<std::vector<Metric>> metrics;         ///< of each output
  Tracker loss{"loss"};
  std::vector<Tracker> outputLosses;                ///< only with several outputs
  std::vector<std::vector<Tracker>> trackers;       ///< as metrics

  Plan(const CompileOptions &options, const std::vector<std::string> &outputs);
  std::vector<const Tracker *> all() const;
  void reset();
};

/// A module with `predict(inputs) -> outputs`.
run::Program tracePredict(const Graph &graph, const std::vector<std::string> &outputNames);
/// A module with `test_step` or `train_step` of (inputs, targets), which have no results: they update variables.
run::Program traceStep(Model &model, const Graph &graph, const Plan &plan, const std::vector<Shape> &targetShapes, bool training);

/// One module with `predict` and, with a plan, `train_step`: they share their variables. For compilation ahead of time.
run::Program traceForDeployment(Model &model, const Graph &graph, const Plan *plan, const std::vector<Shape> &targetShapes);

} // namespace cornu
