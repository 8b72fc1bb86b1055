// What compile takes: one value for all outputs, a list in their order, or values by their names.
#pragma once

#include <map>
#include <optional>

#include "frontend/losses/losses.h"
#include "frontend/metrics/metrics.h"
#include "frontend/optimizers/optimizer.h"

namespace cornu {

/// "mse" · {"mse", "binary_crossentropy"} · {{"main_output", "mse"}, {"aux_output", nullptr}}
class LossArgument {
public:
  LossArgument() = default;
  template <class T> requires std::convertible_to<T, Loss>
  LossArgument(T &&one) : one(std::forward<T>(one)) {}
  LossArgument(std::initializer_list<Loss> inOrder) : list(inOrder) {}
  LossArgument(std::initializer_list<std::pair<std::string, Loss>> byName) : named(byName) {}
  LossArgument(std::vector<Loss> inOrder) : list(std::move(inOrder)) {}
  LossArgument(std::vector<std::pair<std::string, Loss>> byName) : named(std::move(byName)) {}

  bool given() const { return one || !list.empty() || !named.empty(); }
  /// One loss, for all outputs.
  bool isOne() const { return bool(one); }
  /// One loss an output; none for those given nullptr, and for all if nothing was given. UserError with the known names if they do not fit.
  std::vector<Loss> resolve(const std::vector<std::string> &outputs) const;
  Json serialize() const;

private:
  Loss one;
  std::vector<Loss> list;
  std::vector<std::pair<std::string, Loss>> named;
};

/// 0.5 for a single loss · {1.0, 0.2} · {{"main_output", 1.0}, {"aux_output", 0.2}}
class LossWeights {
public:
  LossWeights() = default;
  LossWeights(double one) : list{one}, single(true) {}
  LossWeights(std::initializer_list<double> inOrder) : list(inOrder) {}
  LossWeights(std::initializer_list<std::pair<std::string, double>> byName) : named(byName) {}
  LossWeights(std::vector<double> inOrder) : list(std::move(inOrder)) {}
  LossWeights(std::vector<std::pair<std::string, double>> byName) : named(std::move(byName)) {}

  bool given() const { return !list.empty() || !named.empty(); }
  /// One weight an output, 1 unless given. One number stands for all outputs if they share one loss.
  std::vector<double> resolve(const std::vector<std::string> &outputs, const LossArgument &loss) const;
  Json serialize() const;

private:
  std::vector<double> list;
  std::vector<std::pair<std::string, double>> named;
  bool single = false;
};

/// One metric or several: what an output may be given. Configs keep the difference.
class MetricList {
public:
  MetricList() = default;
  template <class T> requires std::convertible_to<T, Metric>
  MetricList(T &&one) : list{Metric(std::forward<T>(one))}, single(true) {}
  MetricList(std::initializer_list<Metric> several) : list(several) {}
  MetricList(std::vector<Metric> several) : list(std::move(several)) {}

  const std::vector<Metric> &metrics() const { return list; }
  Json serialize() const;

private:
  std::vector<Metric> list;
  bool single = false;
};

/// {"accuracy", "mse"} for one output · one for each of several outputs · {{"main_output", "mse"}, {"aux_output", {"mse", "mae"}}} · a
/// vector of lists, one for each output
class MetricsArgument {
public:
  using Named = std::pair<std::string, MetricList>;
  MetricsArgument() = default;
  MetricsArgument(std::initializer_list<Metric> metrics) : list(metrics) {}
  MetricsArgument(std::initializer_list<Named> byName) : named(byName) {}
  MetricsArgument(std::vector<Metric> metrics) : list(std::move(metrics)) {}
  MetricsArgument(std::vector<Named> byName) : named(std::move(byName)) {}
  MetricsArgument(std::vector<MetricList> ofEachOutput) : each(std::move(ofEachOutput)) {}

  bool given() const { return !list.empty() || !named.empty() || !each.empty(); }
  /// The metrics of each output. `what` is the argument's name, for the UserErrors.
  std::vector<std::vector<Metric>> resolve(const char *what, const std::vector<std::string> &outputs) const;
  Json serialize() const;

private:
  std::vector<Metric> list;
  std::vector<Named> named;
  std::vector<MetricList> each;
};

struct CompileOptions {
  OptimizerArgument optimizer = "rmsprop";
  /// May be left out if layers add losses or regularizers.
  LossArgument loss = {};
  LossWeights loss_weights = {};
  MetricsArgument metrics = {};                  ///< that count all samples alike
  MetricsArgument weighted_metrics = {};         ///< that count samples by sample_weight or class_weight
  /// Runs the reference interpreter instead of native code: slow, for debugging.
  bool run_eagerly = false;
  int64_t steps_per_execution = 1;               ///< batches between two calls of a callback
  /// Kept for Keras, which asks whether to use a compiler. Cornu's code is always compiled, so that only true with run_eagerly is refused.
  std::optional<bool> jit_compile = {};
  /// Scales the loss of models that compute in float16, of which Cornu has none: no effect.
  bool auto_scale_loss = true;
};

} // namespace cornu
