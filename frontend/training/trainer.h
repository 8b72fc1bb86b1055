// Trainer: a model's compiled functions, and the loops that run them. Internal.
#pragma once

#include "frontend/callbacks/callback_list.h"
#include "frontend/layers/input.h"
#include "frontend/training/feed.h"
#include "frontend/training/steps.h"
#include "frontend/training/stream.h"

namespace cornu {

/// What holds for some extents of the inputs.
struct Instance {
  std::unique_ptr<Graph> graph;
  std::unique_ptr<run::Executable> predict;
  std::map<std::string, std::unique_ptr<run::Executable>> steps; ///< by function and target shapes
};

struct Model::ModelState : Instance {
  bool sequential = false;
  std::vector<AnyLayer> stack;                    ///< of a Sequential, without its Input
  Tensor head, tail;                              ///< of a Sequential whose input is known
  Unbuilt unbuilt;                                ///< until there is a graph, if Inputs leave extents open; of a Sequential the Input alone
  Build build;
  std::map<std::vector<Shape>, Instance> others;  ///< for other extents, by the inputs' shapes
  bool isCompiled = false, stop = false;
  CompileOptions options, given;                  ///< what holds; what the last compile() was given
  std::unique_ptr<Plan> plan;

  /// Writes metrics that are not means where their trackers show them.
  std::unique_ptr<run::Executable> results;
  std::vector<Tracker *> computed;
  std::vector<void *> shown;

  /// Of the graph, or of the graph that is to be.
  std::vector<std::shared_ptr<InputLayer>> inputLayers() const;
  void forgetCode() { predict.reset(), steps.clear(), results.reset(), others.clear(); }
};

/// "1,200"
std::string grouped(int64_t number);

class Trainer {
public:
  Trainer(Model &model, const char *caller) : model(model), state(*model.model), caller(caller) {}

  History fit(const Data &x, const Data &y, const FitOptions &options);
  History fit(const Batches &source, const FitOptions &options);
  Logs evaluate(const Data &x, const Data &y, const EvaluateOptions &options);
  Logs evaluate(const Batches &source, const EvaluateOptions &options);
  std::vector<Array> predict(const Data &x, const PredictOptions &options);
  std::vector<Array> predict(const Batches &source, const PredictOptions &options);
  Logs onBatch(const Data &x, const Data &y, const BatchOptions &options, bool training);
  static run::Program trace(Model &model, const std::string &function);
  /// `predict` and, with `train`, `train_step`, with targets as `trace` assumes them and, with `weighted`, a weight for each value of a loss.
  static run::Program traceForDeployment(Model &model, bool train, bool weighted);

private:
  /// Arrays as a step takes them; `y` and `weights` hold one for each output, or none.
  struct Set {
    std::vector<Array> x, y, weights;
    StepShapes shapes;
    int64_t rows = 0;
    Set part(int64_t begin, int64_t end) const;
    Feed feed(int64_t batchSize) const;
  };
  [[noreturn]] void fail(const std::string &rule, const std::string &received) const { throw UserError(std::string(caller) + ": " + rule, received); }
  /// `prefix` stands before the names of arguments in messages.
  Set load(const Data &x, const Data &y, const Data &weights, const std::string &prefix = "");
  /// Gives rows the weights of their classes.
  void weighClasses(Set &set, const ClassWeight &weights) const;
  void setWeights(Set &set, std::vector<Array> weights) const;
  std::vector<Array> loadInputs(const Data &x, const std::string &name);
  run::Executable &step(const Set &set, bool training);
  /// For the inputs that were loaded last.
  run::Executable &predictor();
  Plan &plan();
  StepShapes likelyShapes(bool weighted = false);
  void checkBatch(int64_t rows) const;
  /// UserError for an index that names no row of an Embedding's table.
  void checkInputs(const run::Executable &code, const std::vector<Array> &inputs) const;

  // Streams
  std::unique_ptr<Stream> arrayStream(const Set &set, int64_t batch, bool training, std::optional<uint64_t> shuffleSeed);
  std::unique_ptr<Stream> sourceStream(const Batches &source, const ClassWeight &classWeight, bool training, std::optional<uint64_t> shuffleSeed);
  std::unique_ptr<Stream> validationStream(const Set &set, const FitOptions &options);
  /// Of `.validation_data`; null without one.
  std::unique_ptr<Stream> validationStream(const FitOptions &options);
  std::optional<uint64_t> shuffleSeed(const FitOptions &options) const;
  const Batches &checked(const Batches &source) const;

  // Loops
  History fit(Stream &training, Stream *validation, const FitOptions &options);
  Logs evaluate(Stream &stream, const EvaluateOptions &options);
  /// Runs an epoch, or until a callback stops the training.
  void runEpoch(Epochs &epochs, const CallbackList &callbacks, bool training);
  /// An epoch of test steps from the beginning of the data.
  Logs measure(Epochs &epochs, const CallbackList &callbacks, const std::string &prefix);
  void predictBatch(run::Executable &code, void *const *inputs, std::vector<Array> &outputs, int64_t rows);
  std::vector<Array> outputsFor(int64_t rows) const;
  static int64_t batchSize(std::optional<int64_t> asked, std::optional<int64_t> steps, int64_t rows);
  void check(const FitOptions &options) const;
  void checkPositive(const char *name, std::optional<int64_t> value) const;
  void checkVerbose(int verbose) const;

  void resetMetrics();
  /// Brings the trackers' results up to date.
  void readMetrics();
  /// Current values, sorted by key.
  Logs logs(const std::string &prefix = "");
  /// Current values in the order that evaluate returns.
  Logs ordered();

  Model &model;
  Model::ModelState &state;
  const char *caller;
};

} // namespace cornu
