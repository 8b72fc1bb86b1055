// cornu bench: time of a call or a training step, in steady state on random data.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "frontend/run/benchmark.h"
#include "tools/cornu/Arguments.h"
#include "tools/cornu/Commands.h"

namespace cornu::driver {

namespace {

/// "dense_1" of "dense_1.matmul_add_tanh".
std::string layerOf(const std::string &kernel) { return kernel.substr(0, kernel.find('.')); }

void printKernels(const run::BenchmarkResult &result) {
  size_t width = 6;
  for (const run::KernelTime &kernel : result.kernels) width = std::max(width, kernel.name.size());
  auto name = [&](const std::string &text) { std::printf("%-*s", static_cast<int>(width), text.c_str()); };
  auto part = [&](double us) { std::printf("  %12.2f  %5.1f%%", us, 100 * us / result.median_us); };

  auto megabytes = [](int64_t bytes) { return static_cast<double>(bytes) / (1024 * 1024); };
  std::printf("  workspace%12.2f MB   %.2f of it for tensors that live at once\n", megabytes(result.workspace), megabytes(result.least_workspace));
  std::printf("\n");
  name("kernel");
  std::printf("  %12s  %6s  %8s  %8s  %8s\n", "us", "part", "GFLOP/s", "GB/s", "of limit");
  for (const run::KernelTime &kernel : result.kernels) {
    name(kernel.name);
    part(kernel.us);
    double us = std::max(kernel.us, 1e-6);
    std::printf("  %8.1f  %8.1f", kernel.flops * 1e-3 / us, kernel.bytes * 1e-3 / us);
    kernel.limit_us > 0 ? std::printf("  %7.0f%%\n", 100 * kernel.limit_us / us) : std::printf("\n");
  }

  std::vector<std::pair<std::string, double>> layers;
  for (const run::KernelTime &kernel : result.kernels) {
    std::string layer = layerOf(kernel.name);
    auto known = std::find_if(layers.begin(), layers.end(), [&](const auto &entry) { return entry.first == layer; });
    (known == layers.end() ? layers.emplace_back(layer, 0) : *known).second += kernel.us;
  }
  std::printf("\n");
  name("layer");
  std::printf("  %12s  %6s\n", "us", "part");
  for (const auto &[layer, us] : layers) {
    name(layer);
    part(us);
    std::printf("\n");
  }
}

} // namespace

void bench(const Words &words) {
  auto begin = std::chrono::steady_clock::now();
  std::string path;
  run::BenchmarkOptions options;
  int64_t threads = 1;
  std::optional<double> seconds;
  bool json = false;
  std::vector<std::string> shape;
  Arguments arguments("bench",
                      "Measures prediction, or with --train a training step, on random data: the compiled function alone, over and over. Without --json\n"
                      "also prints how the median is divided among the kernels and layers, what each kernel computes, and reads and writes, at least, and how near it\n"
                      "comes to what one core can do, as measured in the same run: multiply-adds from registers, or reading from the cache that holds its data.\n"
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
  arguments.option("input-shape", "NAME=N,...", shape, shapeHelp);
  arguments.flag("json", json, "prints one JSON object");
  if (!arguments.parse(words)) return;
  set_num_threads(threads);
  if (seconds && !(*seconds > 0)) arguments.fail("--seconds must be positive", std::to_string(*seconds));
  options.seconds = seconds.value_or(1);
  options.kernels = !json;

  Model model = load_model(path);
  buildFor(model, shape, "bench");
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
  printKernels(result);
}

} // namespace cornu::driver
