// cornu bench: time of a call or a training step, in steady state on random data.
#include <sys/resource.h>

#include <chrono>
#include <iostream>

#include "frontend/run/benchmark.h"
#include "tools/cornu/Arguments.h"
#include "tools/cornu/Commands.h"

namespace cornu::driver {

void bench(const Words &words) {
  auto begin = std::chrono::steady_clock::now();
  std::string path;
  run::BenchmarkOptions options;
  int64_t threads = 1;
  std::optional<double> seconds;
  bool json = false;
  Arguments arguments("bench",
                      "Measures prediction, or with --train a training step, on random data: the compiled function alone, over and over. Without --json\n"
                      "also prints how the median is divided among the kernels.\n"
                      "  median_us, p10_us, p90_us  of one call\n"
                      "  compile_s                  from the traced graph to loaded machine code, cold\n"
                      "  first_s                    from opening the file to the first result\n"
                      "  peak_bytes                 memory of the process at its largest",
                      "example:\n  cornu bench digits.keras --batch 32 --train --json");
  arguments.positional("MODEL", path, modelHelp);
  arguments.option("batch", "N", options.batch, 1, "samples of a call (default 1)");
  arguments.flag("train", options.train, "the training step; the file must have been compiled");
  arguments.option("threads", "N", threads, 1, "threads to compute with (default 1)");
  arguments.option("seconds", "S", seconds, "how long to measure (default 1)");
  arguments.flag("json", json, "prints one JSON object");
  if (!arguments.parse(words)) return;
  set_num_threads(threads);
  if (seconds && !(*seconds > 0)) arguments.fail("--seconds must be positive", std::to_string(*seconds));
  options.seconds = seconds.value_or(1);
  options.kernels = !json;

  Model model = load_model(path);
  double load = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  run::BenchmarkResult result = run::benchmark(model, options);
  double first = load + result.first_s;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  int64_t peak = static_cast<int64_t>(usage.ru_maxrss) * 1024;
  if (json) {
    std::cout << Json::object({{"median_us", result.median_us}, {"p10_us", result.p10_us}, {"p90_us", result.p90_us}, {"compile_s", result.compile_s},
                               {"first_s", first}, {"peak_bytes", peak}})
                     .dump()
              << "\n";
    return;
  }
  std::printf("%s of %s, batch %lld, %lld thread%s, %lld calls\n", options.train ? "training step" : "prediction", path.c_str(), static_cast<long long>(options.batch),
              static_cast<long long>(threads), threads == 1 ? "" : "s", static_cast<long long>(result.calls));
  std::printf("  median   %12.2f us   %.3f us per sample\n", result.median_us, result.median_us / static_cast<double>(options.batch));
  std::printf("  p10      %12.2f us\n  p90      %12.2f us\n", result.p10_us, result.p90_us);
  std::printf("  compile  %12.3f s\n  first    %12.3f s    from opening the file to the first result\n", result.compile_s, first);
  std::printf("  memory   %12.1f MB   at its largest\n", static_cast<double>(peak) / (1024 * 1024));
  size_t width = 6;
  for (const run::KernelTime &kernel : result.kernels) width = std::max(width, kernel.name.size());
  std::printf("\n%-*s  %12s  %6s\n", static_cast<int>(width), "kernel", "us", "part");
  for (const run::KernelTime &kernel : result.kernels)
    std::printf("%-*s  %12.2f  %5.1f%%\n", static_cast<int>(width), kernel.name.c_str(), kernel.us, 100 * kernel.us / result.median_us);
}

} // namespace cornu::driver
