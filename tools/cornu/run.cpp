// cornu run: predictions for samples in a file.
#include <algorithm>
#include <chrono>
#include <iostream>

#include "tools/cornu/Arguments.h"
#include "tools/cornu/Commands.h"

namespace cornu::driver {

void run(const Words &words) {
  std::string path, input, output;
  int64_t batch = 32, repeat = 0;
  std::optional<int64_t> threads;
  Arguments arguments("run", "Predicts with a model. Without --output the predictions are printed.",
                      "example:\n  cornu run digits.keras --input images.npy --output probabilities.npy");
  arguments.positional("MODEL", path, modelHelp);
  arguments.option("input", "FILE", input, ".npy (one input), or .npz whose keys are the input names", true);
  arguments.option("output", "FILE", output, ".npy (one output), or .npz keyed by output names");
  arguments.option("batch-size", "N", batch, 1, "samples computed together (default 32)");
  arguments.option("threads", "N", threads, 1, "threads to compute with (default: all processors)");
  arguments.option("repeat", "N", repeat, 1, "predicts N times and prints the median time");
  if (!arguments.parse(words)) return;
  if (threads) set_num_threads(*threads);

  Model model = load_model(path, {.compile = false});
  Data x = asData(loadArrays(input), model.input_names(), "run", input);
  std::vector<Array> predictions;
  std::vector<double> times;
  for (int64_t i = 0; i < std::max<int64_t>(repeat, 1); ++i) {
    auto begin = std::chrono::steady_clock::now();
    predictions = model.predict_all(x, {.batch_size = batch, .verbose = 0});
    times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
  }
  NamedArrays named;
  std::vector<std::string> names = model.output_names();
  for (size_t i = 0; i < names.size(); ++i) named.emplace_back(names[i], predictions[i]);
  if (!output.empty()) {
    saveArrays(output, named, "run");
  } else if (!repeat) {
    for (const auto &[name, array] : named) std::cout << name << " " << array << "\n";
  }
  if (repeat) {
    std::sort(times.begin(), times.end());
    double median = times[times.size() / 2];
    int64_t rows = predictions[0].dim(0);
    std::printf("%lld samples in batches of %lld, %lld times: median %.2f us, %.3f us per sample\n", static_cast<long long>(rows), static_cast<long long>(batch),
                static_cast<long long>(repeat), median, rows ? median / static_cast<double>(rows) : 0);
  }
}

} // namespace cornu::driver
