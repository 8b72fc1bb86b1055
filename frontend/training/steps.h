// The functions traced from a model and what compile() made of its options. Internal: knows MLIR.
#pragma once

#include "frontend/models/graph.h"
#include "frontend/models/model.h"
#include "frontend/run/Executable.h"
#include "frontend/trace/Trace.h"
#include "frontend/training/plan.h"

namespace cornu {

/// What a step takes beside the inputs, with the batch as -1.
struct StepShapes {
  std::vector<Shape> targets;         ///< of each output, or none
  std::vector<Shape> weights;         ///< of each output, or none
};

/// A module with `predict(inputs) -> outputs`.
run::Program tracePredict(const Graph &graph, const std::vector<std::string> &outputNames);
/// A module with `test_step` or `train_step` of (inputs, targets, weights), which have no results: they update variables.
run::Program traceStep(Model &model, const Graph &graph, Plan &plan, const StepShapes &shapes, bool training);

/// A module with `read_metrics() -> the values` of those trackers that are not means. `computed` gets them, in the order of the results.
run::Program traceResults(Plan &plan, std::vector<Tracker *> &computed);

/// One module with `predict` and, with a plan, `train_step` and a `read_<key>() -> value` for each tracker: they share their variables. For compilation ahead of time.
run::Program traceForDeployment(Model &model, const Graph &graph, Plan *plan, const StepShapes &shapes);

} // namespace cornu
