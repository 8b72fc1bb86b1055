// What an epoch measures: totals that compiled code updates and the host reads.
#pragma once

#include <string>
#include <vector>

#include "frontend/callbacks/logs.h"
#include "frontend/metrics/metrics.h"

namespace cornu {

/// A metric over an epoch under its key in logs.
class Tracker {
public:
  /// `name` is the metric's own, from which `key` is made. `result` as in Accumulator: without it, a mean.
  Tracker(std::string name, std::string key, std::function<Tensor(const Tensors &)> result = {});
  /// In logs, unless its name was taken.
  static Tracker mean(const std::string &name) { return Tracker(name, name); }

  const std::string &name() const { return ownName; }
  const std::string &key() const { return logKey; }
  /// 0 before the first update. Of a metric that is not a mean: what compiled code wrote into shown() last.
  LogValue result() const;
  void reset();

  /// Emits: each total += its increment.
  void update(const Tensors &increments);
  /// Emits the metric, float32, from the totals: a scalar, or a vector if a log shows several numbers. UserError for more axes.
  Tensor emitResult();
  /// Whether the host can tell it from the totals: a quotient. Others need emitResult.
  bool isMean() const { return !compute; }
  bool updated() const { return !totals.empty(); }
  /// Room for the result; after emitResult().
  float *shown() { return values.data(); }

private:
  std::string ownName, logKey;
  std::function<Tensor(const Tensors &)> compute;
  std::vector<float> values = {0};
  bool isList = false;
  /// Made when the first function is traced that updates them, which tells their shapes.
  std::vector<Variable> totals;
};

} // namespace cornu
