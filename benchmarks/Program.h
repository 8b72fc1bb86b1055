// A function of cornu ops, compiled, with memory for what it reads and writes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codegen/Compiler.h"
#include "runtime/array.h"
#include "runtime/threads.h"

namespace cornu::benchmarks {

/// Memory as users of Cornu have it, filled with small numbers.
Array numbers(int64_t count);

class Program {
public:
  /// Compiles `text`, whose function is @f over f32, for batches of `batch`; it runs on as many threads as the environment's BENCHMARK_THREADS says. Throws std::runtime_error where it does not compile.
  Program(const std::string &text, int64_t batch);
  void run() const;

private:
  std::vector<void *> allocate(const std::vector<codegen::TensorSpec> &tensors);

  int64_t batch;
  std::unique_ptr<codegen::LoadedModule> loaded;
  std::vector<Array> memory;
  std::vector<void *> inputs, outputs, variables;
  void *workspace = nullptr;
  codegen::EntryPoint entry = nullptr;
  std::unique_ptr<cornu_threads, decltype(&cornu_threads_destroy)> threads{nullptr, cornu_threads_destroy};
};

/// "tensor<?x28x28x1xf32>"; -1 is the batch.
std::string tensorType(const std::vector<int64_t> &shape);

} // namespace cornu::benchmarks
