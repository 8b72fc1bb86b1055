// Kernels measured one by one, each by several contestants. A benchmark is named "Contestant/kernel"; of each kernel the contestants carry the same
// counter, and benchmarks/kernels relates it to what the machine allows.
#pragma once

#include <benchmark/benchmark.h>
#include <functional>
#include <string>
#include <vector>

namespace cornu::benchmarks {

/// What one call achieves. The name of the counter says what it is compared with.
struct Work {
  const char *counter;   ///< "GFLOP/s": the peak of multiply-adds; "GB/s": Limit/<kernel>; "ns/element": nothing
  double amount;         ///< operations, bytes or elements of one call
};

/// Makes what one contestant calls again and again; runs when the benchmark does.
using Setup = std::function<std::function<void()>()>;
void add(const std::string &contestant, const std::string &kernel, Work work, Setup setup);
/// Cornu: `text` has a function @f of cornu ops over f32, called with `batch`.
void addProgram(const std::string &kernel, Work work, const std::string &text, int64_t batch);

void addLimits();
/// Limit/<kernel>: reading `bytes` again and again.
void addReadLimit(const std::string &kernel, int64_t bytes);
/// Limit/<kernel>: reading one array while another is written.
void addCopyLimit(const std::string &kernel, int64_t readBytes, int64_t writtenBytes);

void addMatmuls();
void addConvolutions();
void addElementwise();

/// Contestants of oneDNN: weights in the layout that it likes best, images with channels last.
namespace onednn {
struct Convolution {
  int64_t batch, size, in, out, kernel, stride, results, before, groups;   ///< square images; `before`: zeros in front; `results`: extent of the result
};
enum class Of { Result, Input, Kernel };   ///< the convolution itself, or its gradient for one operand
/// y[m, n] = Σ_k x[m, k] w[k, n]; x may be stored transposed.
Setup matmul(int64_t m, int64_t k, int64_t n, bool xTransposed);
Setup convolution(Convolution shape, Of what);
Setup exp(int64_t count);
Setup tanh(int64_t count);
Setup softmax(int64_t rows, int64_t columns);
Setup layerNorm(int64_t rows, int64_t columns);
} // namespace onednn

} // namespace cornu::benchmarks
