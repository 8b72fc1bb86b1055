// What a model learns to make small (keras.losses).
#pragma once

#include <optional>

#include "frontend/core/component.h"
#include "frontend/core/tensor.h"

namespace cornu {

/// From a name ("categorical_crossentropy"; "crossentropy" or "ce" for the one that fits the shapes), an object
/// (`losses::BinaryCrossentropy({.from_logits = true})`), or a lambda `Tensor(const Tensor &y_true, const Tensor &y_pred)` that gives a
/// value for each sample.
class Loss : public Component<Tensor(const Tensor &y_true, const Tensor &y_pred)> {
public:
  /// No loss: the output is not trained.
  Loss() = default;
  Loss(std::nullptr_t) {}
  Loss(const char *name) : Loss(std::string(name)) {}
  Loss(const std::string &name);
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &, const Tensor &> && (!std::is_same_v<F, Loss>)
  Loss(F function) : Loss("", Json(), std::move(function)) {}
  using Component::Component;
  static Loss from_config(const std::string &class_name, const Json &config) { return classes().find(class_name)(config); }
  static ComponentTable<Loss> &classes();

  /// Values for each sample, after ranks have been aligned.
  Tensor operator()(const Tensor &y_true, const Tensor &y_pred) const;
  /// operator(), weighted (unless `sample_weight` is no tensor) and reduced to the scalar that is minimised: see losses/reduction.h. What a
  /// mask that y_pred or the values carry leaves out does not count.
  Tensor reduced(const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight = {}) const;
  /// As given to compile: the name, or an envelope. UserError for a lambda.
  Json serialize() const;

private:
  std::string given; ///< the name, if it was given as one
};

/// Makes a function, or a class, of one's own known by name, so that files can name it and `from_config` finds it. A class is what its
/// maker returns for a config; the object's class_name is that name.
Loss register_loss(const std::string &name, std::function<Loss::Signature> function, const RegisterOptions &options = {});
void register_loss(const std::string &class_name, std::function<Loss(const Json &config)> maker, const RegisterOptions &options = {});

namespace losses {
/// "sum_over_batch_size": the mean over all values; "sum": their sum.
struct CategoricalCrossentropyOptions {
  bool from_logits = false;
  double label_smoothing = 0;
  int64_t axis = -1;
  std::string reduction = "sum_over_batch_size", name = "categorical_crossentropy";
};
/// -sum(y_true · log(y_pred)) over `axis`; y_true one-hot.
Loss CategoricalCrossentropy(CategoricalCrossentropyOptions options = {});

struct SparseCategoricalCrossentropyOptions {
  bool from_logits = false;
  std::optional<int64_t> ignore_class = {};             ///< targets of this class do not count
  std::string reduction = "sum_over_batch_size", name = "sparse_categorical_crossentropy";
};
/// -log(y_pred[y_true]); y_true holds classes, (batch,) or (batch, 1).
Loss SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});

struct BinaryCrossentropyOptions {
  bool from_logits = false;
  double label_smoothing = 0;
  int64_t axis = -1;
  std::string reduction = "sum_over_batch_size", name = "binary_crossentropy";
};
/// -mean(y_true · log(y_pred) + (1 - y_true) · log(1 - y_pred)) over `axis`.
Loss BinaryCrossentropy(BinaryCrossentropyOptions options = {});

struct MeanSquaredErrorOptions { std::string reduction = "sum_over_batch_size", name = "mean_squared_error"; };
/// mean((y_true - y_pred)²) over the last axis.
Loss MeanSquaredError(MeanSquaredErrorOptions options = {});

// The same as functions of tensors, for use in metrics and losses of one's own. Probabilities that are directly the result of a softmax
// or sigmoid are not clipped: the loss is computed from what went into it, which is exact (as Keras does on TensorFlow). Others are
// clipped to [1e-7, 1 - 1e-7].
Tensor categorical_crossentropy(const Tensor &y_true, const Tensor &y_pred, const CategoricalCrossentropyOptions &options = {});
Tensor sparse_categorical_crossentropy(const Tensor &y_true, const Tensor &y_pred, const SparseCategoricalCrossentropyOptions &options = {});
Tensor binary_crossentropy(const Tensor &y_true, const Tensor &y_pred, const BinaryCrossentropyOptions &options = {});
Tensor mean_squared_error(const Tensor &y_true, const Tensor &y_pred);

/// If ranks differ by one and the longer shape ends in 1: squeezes it, or expands the other where that has rank 1.
std::pair<Tensor, Tensor> alignRanks(const Tensor &y_true, const Tensor &y_pred);
} // namespace losses

} // namespace cornu
