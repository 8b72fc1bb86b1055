// What an epoch measures: totals that compiled code updates and the host reads.
#pragma once

#include <string>
#include <vector>

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
  double result() const;
  void reset();

  /// Emits: each total += its increment.
  void update(const Tensors &increments);
  /// Emits the metric, a float32 scalar, from the totals.
  Tensor emitResult() const;
  /// Whether the host can tell it from the totals: a quotient. Others need emitResult.
  bool isMean() const { return !compute; }
  bool updated() const { return !totals.empty(); }
  float *shown() { return &value; }

private:
  std::string ownName, logKey;
  std::function<Tensor(const Tensors &)> compute;
  float value = 0;
  /// Made when the first function is traced that updates them, which tells their shapes.
  std::vector<Variable> totals;
};

} // namespace cornu
