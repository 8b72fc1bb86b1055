// What compile() makes of its options: losses, metrics and their keys in logs.
#pragma once

#include <deque>
#include <optional>

#include "frontend/training/compile.h"
#include "frontend/training/tracker.h"

namespace cornu {

class BaseLayer;

/// compile()'s options resolved against the model's outputs.
struct Plan {
  struct Measure {
    Metric metric;
    bool weighted;                             ///< takes part in sample weights
    Tracker tracker;
  };
  struct Output {
    std::string name;
    Loss loss;                                 ///< may be none
    double weight = 1;                         ///< of the loss in the total
    std::optional<Tracker> lossTracker;        ///< only with several losses
    std::vector<Measure> measures;
  };
  /// What a layer adds by add_metric.
  struct LayerMetric {
    const BaseLayer *layer;
    Tracker tracker;
  };

  Tracker loss = Tracker::mean("loss");
  std::vector<Output> outputs;
  std::deque<LayerMetric> layerMetrics;        ///< grows while functions are traced; references stay valid

  /// UserErrors name the argument and the known outputs.
  Plan(const CompileOptions &options, const std::vector<std::string> &outputs);
  /// The tracker of a layer's metric, made when it is first asked for.
  Tracker &layerMetric(const BaseLayer *layer, const std::string &name);
  /// In the order in which evaluate() gives them: those whose key is their name, then the others by key.
  std::vector<Tracker *> inOrder();
  /// In the order of logs.
  std::vector<Tracker *> sorted();
  void reset();
  /// Whether some result is not a mean, so that compiled code must tell it.
  bool needsCode() const;
  size_t size() const;                         ///< trackers

private:
  std::vector<Tracker *> all();
  bool taken(const std::string &key);
  std::string unused(const std::string &key);
};

} // namespace cornu
