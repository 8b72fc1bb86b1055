// What is measured beside the loss (keras.metrics): mostly means, over the samples of an epoch, of a function of targets and predictions.
#pragma once

#include <optional>

#include "frontend/core/component.h"
#include "frontend/core/variable.h"

namespace cornu {

/// A metric as totals that are kept over an epoch.
struct Accumulator {
  /// What a batch adds to each total; they begin at zero. `sample_weight` is no tensor where samples count alike.
  std::function<Tensors(const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight)> increments;
  /// The metric, a scalar or, where logs hold a list, a vector, from the totals after at least one batch. Without it there are two totals, total and count, and the metric is
  /// their quotient, 0 while the count is 0.
  std::function<Tensor(const Tensors &totals)> result = {};
};

/// Which way a metric goes as a model improves: what "auto" of callbacks that watch it means.
enum class Direction : uint8_t { Unknown, Up, Down };

/// From a name ("accuracy"), an object (`metrics::BinaryAccuracy({.threshold = 0.7})`), or a lambda `Tensor(const Tensor &y_true,
/// const Tensor &y_pred)` that gives a value for each sample. Given to compile as one of `metrics` it counts all samples alike, as one of
/// `weighted_metrics` by their weights.
class Metric : public Component<Tensor(const Tensor &y_true, const Tensor &y_pred)> {
public:
  Metric() = default;
  Metric(const char *name) : Metric(std::string(name)) {}
  Metric(const std::string &name);
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &, const Tensor &> && (!std::is_same_v<F, Metric>)
  Metric(F function) : Metric("", Json::object({{"name", "lambda"}}), std::move(function)) {}
  Metric(std::string class_name, Json config, std::function<Signature> function);
  /// A metric that is not a mean.
  Metric(std::string class_name, Json config, Accumulator accumulator);
  static Metric from_config(const std::string &class_name, const Json &config) { return classes().find(class_name)(config); }
  static ComponentTable<Metric> &classes();

  const Accumulator &accumulator() const { return *totals; }
  Direction direction() const { return better; }
  /// The same metric, going this way.
  Metric directed(Direction direction) const;
  /// Key in logs: the name as given ("acc" stays "acc").
  std::string name() const;
  Json serialize() const;

private:
  std::shared_ptr<const Accumulator> totals;
  std::string given;
  Direction better = Direction::Unknown;
};

/// Makes a function, or a class, of one's own known by name, so that files can name it and `from_config` finds it. A class is what its
/// maker returns for a config; the object's class_name is that name.
Metric register_metric(const std::string &name, std::function<Metric::Signature> function, const RegisterOptions &options = {});
void register_metric(const std::string &class_name, std::function<Metric(const Json &config)> maker, const RegisterOptions &options = {});

namespace metrics {
struct NameOption { std::string name = ""; };
struct BinaryAccuracyOptions { std::string name = "binary_accuracy"; double threshold = 0.5; };
/// y_true equals (y_pred > threshold)
Metric BinaryAccuracy(BinaryAccuracyOptions options = {});
/// y_true equals y_pred
Metric Accuracy(NameOption options = {});
/// argmax(y_true) equals argmax(y_pred)
Metric CategoricalAccuracy(NameOption options = {});
/// y_true equals argmax(y_pred)
Metric SparseCategoricalAccuracy(NameOption options = {});

/// The same for each sample as the loss of the same name, but for cosine_similarity, which is 1 for the same direction.
Metric MeanSquaredError(NameOption options = {});
Metric MeanAbsoluteError(NameOption options = {});
Metric MeanAbsolutePercentageError(NameOption options = {});
Metric MeanSquaredLogarithmicError(NameOption options = {});
Metric LogCoshError(NameOption options = {});
Metric Hinge(NameOption options = {});
Metric SquaredHinge(NameOption options = {});
Metric CategoricalHinge(NameOption options = {});
Metric KLDivergence(NameOption options = {});
Metric Poisson(NameOption options = {});
struct CosineSimilarityOptions { std::string name = "cosine_similarity"; int64_t axis = -1; };
Metric CosineSimilarity(CosineSimilarityOptions options = {});
/// Square root of the mean of all squared errors.
Metric RootMeanSquaredError(NameOption options = {});

struct BinaryCrossentropyOptions { std::string name = "binary_crossentropy"; bool from_logits = false; double label_smoothing = 0; };
Metric BinaryCrossentropy(BinaryCrossentropyOptions options = {});
struct CategoricalCrossentropyOptions { std::string name = "categorical_crossentropy"; bool from_logits = false; double label_smoothing = 0; int64_t axis = -1; };
Metric CategoricalCrossentropy(CategoricalCrossentropyOptions options = {});
struct SparseCategoricalCrossentropyOptions {
  std::string name = "sparse_categorical_crossentropy";
  bool from_logits = false;
  std::optional<int64_t> ignore_class = {};             ///< targets of this class are 0 in the mean
};
Metric SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});
} // namespace metrics

} // namespace cornu
