// Every kernel by every contestant. benchmarks/kernels runs this and prints one table.
#include "benchmarks/Kernels.h"

#include "benchmarks/Program.h"

namespace cornu::benchmarks {

void add(const std::string &contestant, const std::string &kernel, Work work, Setup setup) {
  benchmark::RegisterBenchmark((contestant + "/" + kernel).c_str(), [=](benchmark::State &state) {
    try {
      std::function<void()> call = setup();
      call();
      for (auto _ : state) {
        call();
        benchmark::ClobberMemory();
      }
    } catch (const std::exception &error) {
      return state.SkipWithError(error.what());
    }
    bool inverse = std::string(work.counter) == "ns/element";
    auto flags = benchmark::Counter::kIsIterationInvariantRate | (inverse ? benchmark::Counter::kInvert : benchmark::Counter::kDefaults);
    state.counters[work.counter] = benchmark::Counter(work.amount * 1e-9, static_cast<benchmark::Counter::Flags>(flags));
  });
}

void addProgram(const std::string &kernel, Work work, const std::string &text, int64_t batch) {
  // Repetitions share what was compiled.
  auto program = std::make_shared<std::unique_ptr<Program>>();
  add("Cornu", kernel, work, [=] {
    if (!*program) *program = std::make_unique<Program>(text, batch);
    return [program] { (*program)->run(); };
  });
}

} // namespace cornu::benchmarks

int main(int argc, char **argv) {
  using namespace cornu::benchmarks;
  addLimits();
  addMatmuls();
  addConvolutions();
  addElementwise();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
