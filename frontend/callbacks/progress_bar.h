// The progress bar, as Keras 3 prints it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "frontend/callbacks/logs.h"

namespace cornu {

class ProgressBar {
public:
  /// `steps`: how many there will be, if that is known. verbose 0: silent; 1: a bar that moves; 2: one line at the end.
  ProgressBar(std::optional<int64_t> steps, int verbose) : steps(steps), verbose(verbose) {}
  /// After step `done` (counted from 1), with the values to show.
  void update(int64_t done, const Logs &logs);
  /// The last line, with these values.
  void finish(const Logs &logs);
  /// Steps so far.
  int64_t done() const { return seen; }

private:
  void set(const Logs &logs);
  void print(int64_t done, bool last);

  using Clock = std::chrono::steady_clock;
  std::optional<int64_t> steps;
  int64_t seen = 0;
  int verbose;
  Clock::time_point start = Clock::now(), firstStep{}, lastPrint{};
  bool started = false;
  Logs values;
  int64_t previousWidth = 0;
};

} // namespace cornu
