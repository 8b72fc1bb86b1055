// What benchmarks of passes over memory share: arrays far beyond any cache, and how fast this machine gets at them.
#pragma once

#include <benchmark/benchmark.h>
#include <vector>

#include "frontend/run/Executable.h"
#include "frontend/run/threads.h"
#include "runtime/random.h"

namespace cornu::benchmarks {

/// Floats of an array.
constexpr int64_t size = 1 << 24;

inline Array numbers(uint64_t seed, Shape shape = {size}) {
  Array array(std::move(shape), DType::Float32);
  fillUniform(array.span<float>(), seed);
  return array;
}

/// GB/s of a pass that reads and writes so many arrays.
inline void countPasses(benchmark::State &state, int64_t arrays) {
  state.counters["elements"] = static_cast<double>(size);
  state.counters["GB/s"] = benchmark::Counter(static_cast<double>(arrays * size) * sizeof(float) * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

/// The yardstick: y += a x, which reads two arrays and writes one of them, as the plainest update does.
inline void bandwidth(benchmark::State &state) {
  Array x = numbers(1), y = numbers(2);
  const float *from = x.span<float>().data();
  float *to = y.span<float>().data();
  for (auto _ : state) {
    for (int64_t i = 0; i < size; ++i) to[i] += 1e-3f * from[i];
    benchmark::ClobberMemory();
  }
  countPasses(state, 3);
}

/// Runs the code, timed.
inline void time(benchmark::State &state, run::Executable &code, std::vector<void *> inputs, std::vector<void *> outputs, int64_t batch) {
  code.run(inputs.data(), outputs.data(), batch);
  for (auto _ : state) {
    code.run(inputs.data(), outputs.data(), batch);
    benchmark::ClobberMemory();
  }
}

} // namespace cornu::benchmarks
