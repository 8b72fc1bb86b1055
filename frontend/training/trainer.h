// Trainer: a model's compiled functions, and the loops that run them. Internal.
#pragma once

#include "frontend/callbacks/callback_list.h"
#include "frontend/training/feed.h"
#include "frontend/training/steps.h"

namespace cornu {

struct Model::ModelState {
  bool sequential = false;
  std::vector<AnyLayer> stack;                    ///< of a Sequential, without its Input
  Tensor head, tail;                              ///< of a Sequential whose input is known
  std::unique_ptr<Graph> graph;
  bool isCompiled = false, stop = false;
  CompileOptions options;
  std::unique_ptr<Plan> plan;
  std::unique_ptr<run::Executable> predict;
  std::map<std::string, std::unique_ptr<run::Executable>> steps; ///< by function and target shapes

  void forgetCode() { predict.reset(), steps.clear(); }
};

class Trainer {
public:
  Trainer(Model &model, const char *caller) : model(model), state(*model.model), caller(caller) {}

  History fit(const Data &x, const Data &y, const FitOptions &options);
  Logs evaluate(const Data &x, const Data &y, const EvaluateOptions &options);
  std::vector<Array> predict(const Data &x, const PredictOptions &options);
  Logs onBatch(const Data &x, const Data &y, bool training);
  static run::Program trace(Model &model, const std::string &function);
  /// `predict` and, with `train`, `train_step`, with targets as `trace` assumes them.
  static run::Program traceForDeployment(Model &model, bool train);

private:
  struct Set {
    std::vector<Array> x, y;
    std::vector<Shape> targetShapes;
    int64_t rows = 0;
    Set part(int64_t begin, int64_t end) const;
    Feed feed(int64_t batchSize) const;
  };
  [[noreturn]] void fail(const std::string &rule, const std::string &received) const { throw UserError(std::string(caller) + ": " + rule, received); }
  void prepare(const Data &x);
  Set load(const Data &x, const Data &y, const char *xName = "x", const char *yName = "y");
  std::vector<Array> loadInputs(const Data &x, const char *name);
  run::Executable &step(const Set &set, bool training);
  run::Executable &predictor();
  Plan &plan();
  std::vector<Shape> likelyTargets();
  void checkBatch(int64_t rows) const;
  /// Runs all batches, or until a callback stops the training.
  void pass(run::Executable &code, Feed &feed, const CallbackList &callbacks, bool training);
  /// Current values, sorted by key.
  Logs logs(const std::string &prefix = "");
  /// Current values in the order that evaluate returns.
  Logs ordered();

  Model &model;
  Model::ModelState &state;
  const char *caller;
};

} // namespace cornu
