// Timing of a model's compiled functions.
#pragma once

#include "frontend/models/model.h"

namespace cornu::run {

struct BenchmarkOptions {
  int64_t batch = 1;
  bool train = false;              ///< the training step instead of prediction
  double seconds = 1;              ///< of measuring, after warm-up
  bool kernels = false;            ///< measures each kernel too, in a run of its own
};

/// A kernel's part of a call.
struct KernelTime {
  std::string name;                ///< layer.ops
  double us = 0;
  double flops = 0, bytes = 0;     ///< it computes, and reads and writes, at least
  double limit_us = 0;             ///< one core needs for that; 0 with several threads
};

struct BenchmarkResult {
  double median_us = 0, p10_us = 0, p90_us = 0;  ///< of a call
  double compile_s = 0;                          ///< graph to loaded machine code
  double first_s = 0;                            ///< from the call of benchmark() to the first result
  int64_t calls = 0;                             ///< measured
  int64_t workspace = 0, least_workspace = 0;    ///< bytes: of the arena, and of the tensors that live at once; with `kernels`
  std::vector<KernelTime> kernels;               ///< in order of launch; their times sum up to the median
};

/// Compiles the function anew and calls it on random data. With `train` the model's weights change. UserError if it is not compiled.
BenchmarkResult benchmark(Model &model, const BenchmarkOptions &options);

} // namespace cornu::run
