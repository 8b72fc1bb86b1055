// What the machine allows: multiply-adds from registers, and memory read and copied front to back.
#include "benchmarks/Kernels.h"
#include "benchmarks/Program.h"

namespace cornu::benchmarks {

namespace {
#if defined(__AVX512F__)
constexpr int vectorBytes = 64;
#elif defined(__AVX__)
constexpr int vectorBytes = 32;
#else
constexpr int vectorBytes = 16;
#endif
typedef float Vector __attribute__((vector_size(vectorBytes)));
constexpr int64_t lanes = vectorBytes / sizeof(float);

/// Chains enough to cover the latency of a multiply-add, few enough for sixteen registers.
constexpr int chains = 12;
constexpr int64_t steps = 1 << 14;

void multiplyAdds() {
  Vector sums[chains] = {};
  Vector a = {}, b = {};
  for (int64_t i = 0; i < steps; ++i) {
    asm volatile("" : "+x"(a), "+x"(b));
    for (Vector &sum : sums) {
      sum += a * b;
      asm volatile("" : "+x"(sum));
    }
  }
}

void readAll(const float *from, int64_t count) {
  const auto *vectors = reinterpret_cast<const Vector *>(from);
  Vector sums[8] = {};
  for (int64_t i = 0; i + 8 <= count / lanes; i += 8)
    for (int64_t j = 0; j < 8; ++j) sums[j] += vectors[i + j];
  for (Vector &sum : sums) benchmark::DoNotOptimize(sum);
}
} // namespace

void addLimits() {
  add("Limit", "multiply-adds", {"GFLOP/s", 2.0 * chains * lanes * steps}, [] { return multiplyAdds; });
}

void addReadLimit(const std::string &kernel, int64_t bytes) {
  add("Limit", kernel, {"GB/s", static_cast<double>(bytes)}, [=] {
    int64_t count = bytes / static_cast<int64_t>(sizeof(float));
    return [memory = numbers(count), count] { readAll(memory.data<float>(), count); };
  });
}

void addCopyLimit(const std::string &kernel, int64_t readBytes, int64_t writtenBytes) {
  add("Limit", kernel, {"GB/s", static_cast<double>(readBytes + writtenBytes)}, [=] {
    int64_t size = sizeof(float), both = std::min(readBytes, writtenBytes) / size, read = readBytes / size, written = writtenBytes / size;
    return [from = numbers(read), to = numbers(written), both, read, written]() mutable {
      const float *source = from.data<float>();
      float *target = to.data<float>();
      std::copy_n(source, both, target);
      readAll(source + both, read - both);
      std::fill_n(target + both, written - both, 1.F);
    };
  });
}

} // namespace cornu::benchmarks
