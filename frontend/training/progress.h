// The progress bar, as Keras 3 prints it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "frontend/training/callback.h"

namespace cornu {

class ProgressBar {
public:
  /// `steps`: how many there will be. verbose 0: silent; 1: a bar that moves; 2: one line at the end.
  ProgressBar(int64_t steps, int verbose) : steps(steps), verbose(verbose) {}
  /// After step `done` (counted from 1). The values shown are means over the updates.
  void update(int64_t done, const Logs &logs);
  /// The last line, with these values.
  void finish(const Logs &logs);

private:
  struct Value {
    std::string key;
    double sum;
    double count;
  };
  void add(const Logs &logs, double weight, bool last);
  void print(int64_t done, bool last);

  using Clock = std::chrono::steady_clock;
  int64_t steps, seen = 0;
  int verbose;
  Clock::time_point start = Clock::now(), firstStep{}, lastPrint{};
  bool started = false;
  std::vector<Value> values;
  int64_t previousWidth = 0;
};

} // namespace cornu
