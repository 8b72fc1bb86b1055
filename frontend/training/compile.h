// What compile takes: one value for all outputs, a list in their order, or values by their names.
#pragma once

#include <map>

#include "frontend/losses/losses.h"
#include "frontend/metrics/metrics.h"
#include "frontend/optimizers/optimizer.h"

namespace cornu {

/// "mse" · {"mse", "binary_crossentropy"} · {{"main_output", "mse"}, {"aux_output", "mse"}}
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
  /// One loss an output. UserError with the known names if they do not fit.
  std::vector<Loss> resolve(const std::vector<std::string> &outputs) const;
  Json serialize() const;

private:
  Loss one;
  std::vector<Loss> list;
  std::vector<std::pair<std::string, Loss>> named;
};

/// {1.0, 0.2} · {{"main_output", 1.0}, {"aux_output", 0.2}}
class LossWeights {
public:
  LossWeights() = default;
  LossWeights(std::initializer_list<double> inOrder) : list(inOrder) {}
  LossWeights(std::initializer_list<std::pair<std::string, double>> byName) : named(byName) {}
  LossWeights(std::vector<double> inOrder) : list(std::move(inOrder)) {}
  LossWeights(std::vector<std::pair<std::string, double>> byName) : named(std::move(byName)) {}

  bool given() const { return !list.empty() || !named.empty(); }
  /// One weight an output, 1 unless given.
  std::vector<double> resolve(const std::vector<std::string> &outputs) const;
  Json serialize() const;

private:
  std::vector<double> list;
  std::vector<std::pair<std::string, double>> named;
};

/// {"accuracy", "mse"} for one output · one for each of several outputs · {{"main_output", {"accuracy"}}} · a vector of lists, one for
/// each output
class MetricsArgument {
public:
  using Named = std::pair<std::string, std::vector<Metric>>;
  MetricsArgument() = default;
  MetricsArgument(std::initializer_list<Metric> metrics) : list(metrics) {}
  MetricsArgument(std::initializer_list<Named> byName) : named(byName) {}
  MetricsArgument(std::vector<Metric> metrics) : list(std::move(metrics)) {}
  MetricsArgument(std::vector<Named> byName) : named(std::move(byName)) {}
  MetricsArgument(std::vector<std::vector<Metric>> ofEachOutput) : each(std::move(ofEachOutput)) {}

  bool given() const { return !list.empty() || !named.empty() || !each.empty(); }
  /// The metrics of each output.
  std::vector<std::vector<Metric>> resolve(const std::vector<std::string> &outputs) const;
  Json serialize() const;

private:
  std::vector<Metric> list;
  std::vector<Named> named;
  std::vector<std::vector<Metric>> each;
};

struct CompileOptions {
  OptimizerArgument optimizer = "rmsprop";
  LossArgument loss = {};
  LossWeights loss_weights = {};
  MetricsArgument metrics = {};
  /// Runs the reference interpreter instead of native code: slow, for debugging.
  bool run_eagerly = false;
};

} // namespace cornu
