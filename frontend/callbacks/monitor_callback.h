// What callbacks share that watch one value of the logs.
#pragma once

#include "frontend/callbacks/callback.h"

namespace cornu::callbacks {

/// Compares a value with the best so far. Two values count as the float32 numbers they are nearest to, as in Keras.
class MonitorCallback : public Callback {
public:
  /// Decides whether larger or smaller is better. UserError where that follows from nothing: give a mode.
  void on_train_begin() override;

protected:
  /// UserError unless `mode` is "auto", "min" or "max".
  MonitorCallback(std::string class_name, std::string monitor, std::string mode, double min_delta);
  /// True without a reference, and where the value is better by more than min_delta.
  bool improves(double value, std::optional<double> reference) const;

  std::string class_name, monitor, mode;
  double min_delta;

private:
  bool largerIsBetter = false;
};

} // namespace cornu::callbacks
