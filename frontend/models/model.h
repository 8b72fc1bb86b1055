// Model: layers from inputs to outputs, trained and run as native code.
#pragma once

#include "frontend/callbacks/history.h"
#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"
#include "frontend/models/compile_to.h"
#include "frontend/training/batches.h"
#include "frontend/training/compile.h"
#include "frontend/training/weights.h"

namespace cornu {

class InputLayer;
struct Graph;
struct LoadOptions;

/// The named forms of a program on its way to native code.
enum class Stage { Graph, Cornu, Linalg, Vector, LLVM, Asm };

struct ModelOptions {
  std::string name = "";
  bool trainable = true;
};

struct FitOptions {
  std::optional<int64_t> batch_size = {};                       ///< 32, or what makes steps_per_epoch batches of a pass; of arrays
  int64_t epochs = 1;
  int verbose = 1;                                              ///< 0 nothing, 1 a progress bar, 2 a line an epoch
  std::vector<AnyCallback> callbacks = {};
  double validation_split = 0;                                  ///< the last fraction of the data, taken before shuffling
  Validation validation_data = {};
  bool shuffle = true;                                          ///< rows of arrays, batches that have an index
  int64_t initial_epoch = 0;
  std::optional<int64_t> validation_batch_size = {};            ///< batch_size
  OneOrMany<int64_t> validation_freq = 1;                       ///< after every so many epochs, or after those of a list, counted from 1
  /// What each sample counts in losses and weighted_metrics: one array of a weight a sample, or of one for each value of the loss (for
  /// targets with a time axis, (samples, time)); or an array for each output, in order or by name.
  Data sample_weight = {};
  ClassWeight class_weight = {};                                ///< the same by class, for training alone; one output, no sample_weight
  /// Batches of an epoch; the next goes on in the same pass over the data. A pass unless given.
  std::optional<int64_t> steps_per_epoch = {};
  std::optional<int64_t> validation_steps = {};                 ///< each time from the beginning of the data
};
struct EvaluateOptions {
  std::optional<int64_t> batch_size = {};                       ///< as in fit
  int verbose = 1;
  std::vector<AnyCallback> callbacks = {};
  Data sample_weight = {};                                      ///< as in fit
  std::optional<int64_t> steps = {};                            ///< batches; all unless given
};
struct PredictOptions {
  std::optional<int64_t> batch_size = {};                       ///< as in fit
  int verbose = 1;
  std::vector<AnyCallback> callbacks = {};
  std::optional<int64_t> steps = {};                            ///< batches; all unless given
};
struct BatchOptions {
  Data sample_weight = {};                                      ///< as in fit
  ClassWeight class_weight = {};                                ///< as in fit
  bool reset_metrics = true;                                    ///< false: metrics go on from the calls before
};
struct SummaryOptions {
  std::optional<int> line_length = {};                          ///< the terminal's width - 4, at most 88 or 108
  std::vector<double> positions = {};                           ///< ends of the columns, as fractions
  bool expand_nested = false;
  bool show_trainable = false;
};

struct SaveOptions {
  bool include_optimizer = true;                                ///< false leaves out what compile() was given and the optimizer's state
};

/// A handle: copies are the same model. Itself a layer: `model(x)` calls it on other tensors with the same weights.
class Model : public Layer<Model> {
public:
  /// Every layer between `inputs` and `outputs`; what merely hangs off them is left out.
  Model(TensorList inputs, TensorList outputs, ModelOptions options = {});
  /// A model as a file describes it, whose Inputs leave extents open. It is built when they are known: by build, by the first data, or by its first call.
  struct Unbuilt {
    std::vector<std::shared_ptr<InputLayer>> inputs;
    std::vector<std::string> outputs;             ///< names
    /// The model's inputs and outputs, by calls that begin at `symbols`, one for each of `inputs`.
    std::function<std::pair<TensorList, TensorList>(const Tensors &symbols)> connect;
  };
  Model(Unbuilt parts, ModelOptions options);

  /// As in Keras, a loss or metrics that an earlier call gave stay unless this one gives others. UserErrors name what was asked for and what
  /// is known.
  void compile(CompileOptions options = {});
  /// `y` is `{}` where layers give the loss.
  History fit(const Data &x, const Data &y, const FitOptions &options = {});
  History fit(const Batches &batches, const FitOptions &options = {});
  /// [loss, metrics …] as Keras orders them, with their keys.
  Logs evaluate(const Data &x, const Data &y, const EvaluateOptions &options = {});
  Logs evaluate(const Batches &batches, const EvaluateOptions &options = {});
  /// UserError if the model has several outputs.
  Array predict(const Data &x, const PredictOptions &options = {});
  Array predict(const Batches &batches, const PredictOptions &options = {});
  std::vector<Array> predict_all(const Data &x, const PredictOptions &options = {});
  std::vector<Array> predict_all(const Batches &batches, const PredictOptions &options = {});
  /// One update; returns loss and metrics in the order of evaluate, with their keys.
  Logs train_on_batch(const Data &x, const Data &y, const BatchOptions &options = {});
  Logs test_on_batch(const Data &x, const Data &y, const BatchOptions &options = {});
  Array predict_on_batch(const Data &x);

  /// Keras's table, on standard output or as text.
  void summary(const SummaryOptions &options = {}) const;
  std::string summary_text(const SummaryOptions &options = {}) const;

  /// In Keras's order. A Sequential leaves its Input out.
  std::vector<AnyLayer> layers() const;
  AnyLayer get_layer(const std::string &name) const;
  AnyLayer get_layer(int64_t index) const;
  const Tensors &inputs() const;
  const Tensors &outputs() const;
  Tensor input(int64_t i = 0) const;
  Tensor output(int64_t i = 0) const;
  std::vector<std::string> input_names() const;
  /// Of each input, with -1 for the batch and for what a file leaves open: data of any such extents fit, each compiled for when it is met.
  std::vector<Shape> input_shapes() const;
  /// Names of the layers that make the outputs.
  std::vector<std::string> output_names() const;

  /// Calls the model on other tensors. For models with one output.
  Tensor operator()(const TensorList &xs) const;
  Tensors all(const TensorList &xs) const { return apply(shared(), xs); }

  bool compiled() const;
  /// The optimizer given to compile. UserError before it.
  Optimizer &optimizer() const;
  const CompileOptions &compile_options() const;
  /// What the last compile() was given, as files hold it; null before it.
  Json get_compile_config() const;
  /// Set by callbacks to end fit: after the batch or the epoch in which it is set.
  bool &stop_training() const;
  std::vector<std::string> metrics_names() const;

  /// The text of a stage of `function`: "predict", "test_step" or "train_step". The steps need targets of the outputs' shapes,
  /// or, for sparse losses, shapes without the last axis.
  std::string ir(Stage stage, const std::string &function = "predict");
  /// The texts of all stages, in the order of Stage.
  std::vector<std::string> ir_stages(const std::string &function = "predict");

  /// Compiles ahead of time into files whose names begin with `path`: "digits" gives digits.o, digits.h … with functions named
  /// `digits_predict` and so on. EnvironmentError if a file cannot be written or linked; UserError for an unknown CPU.
  Compilation compile_to(const std::string &path, const CompileToOptions &options = {});

  /// Writes a .keras file, which Keras opens and load_model reads: architecture, weights, compile options, optimizer state.
  /// The file is replaced in one step. UserError for what a file cannot hold (a lambda); EnvironmentError if it cannot be written.
  void save(const std::string &path, const SaveOptions &options = {}) const;
  /// The weights and the optimizer's state alone, as Keras's "….weights.h5".
  void save_weights(const std::string &path) const;
  void load_weights(const std::string &path);
  Json get_config() const override;
  /// The architecture as text, as Keras's to_json().
  std::string to_json() const;

  bool isSequential() const;
  std::string class_name() const override { return isSequential() ? "Sequential" : "Functional"; }
  std::vector<std::shared_ptr<BaseLayer>> sublayers() const override;
  /// Masks go through the layers within; what these leave on the outputs stays.
  bool supports_masking() const override { return true; }
  Tensors compute_mask(const Tensors &, const Tensors &) { return {}; }
  std::vector<std::string> call_arguments() const override { return {"mask"}; }
  /// Makes the weights of a Sequential without an Input, or of a model whose file leaves extents open, for inputs of these shapes, with the batch as -1.
  void build(const std::vector<Shape> &inputs);
  Tensors call(const Tensors &xs);
  /// The layer graph. UserError for a Sequential whose input shape is not known yet.
  const Graph &graph() const;

protected:
  struct ModelState;
  explicit Model(ModelOptions options, bool sequential);
  void rebuildGraph();
  /// Where inputs leave extents open: goes on with the graph, and the code, for these.
  void adapt(const std::vector<Shape> &inputs);
  /// How the model is built, if not simply by `make`.
  using Build = std::function<void(Model &model, const std::function<void()> &make)>;
  void buildLater(Build build);
  std::shared_ptr<ModelState> model;
  friend class Trainer;
  friend Model load_model(const std::string &path, const LoadOptions &options);
};

/// `<Functional name=functional, inputs=(None, 784), outputs=(None, 10), 55,050 params>`
std::ostream &operator<<(std::ostream &, const Model &);

/// Layers one after the other.
///
///     Sequential model({Input({784}), Dense(64, {.activation = "relu"}), Dense(10, {.activation = "softmax"})});
///
/// Without an Input (or an input_shape in the first layer) the weights are made when the model first sees data.
class Sequential : public Model {
public:
  /// A layer, or an Input in front.
  struct Item {
    template <class L> requires std::derived_from<L, BaseLayer>
    Item(const L &layer) : layer(layer) {}
    Item(const AnyLayer &layer) : layer(layer) {}
    Item(const Tensor &input);
    AnyLayer layer;
    Tensor start; ///< of an Input
  };

  Sequential(ModelOptions options = {}) : Model(std::move(options), true) {}
  Sequential(std::initializer_list<Item> layers, ModelOptions options = {});
  Sequential(const std::vector<AnyLayer> &layers, ModelOptions options = {});
  void add(const Item &item);
  /// Removes the last layer.
  void pop();

private:
  void append(const Item &item);
};

} // namespace cornu
