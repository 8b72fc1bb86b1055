// cornu train: goes on training a saved model.
#include <charconv>
#include <iostream>

#include "tools/cornu/Arguments.h"
#include "tools/cornu/Commands.h"

namespace cornu::driver {

namespace {

/// The file's compile options with what the command line says instead.
void recompile(Model &model, const std::optional<std::string> &optimizer, const std::optional<std::string> &loss, const std::vector<std::string> &metrics) {
  if (!optimizer && !loss && metrics.empty()) return;
  CompileOptions options = model.compile_options();
  if (optimizer) options.optimizer = *optimizer;
  if (loss) options.loss = Loss(*loss);
  if (!metrics.empty()) options.metrics = std::vector<Metric>(metrics.begin(), metrics.end());
  model.compile(std::move(options));
}

/// "0:1", "1:5.5" as weights by class.
ClassWeight classWeights(const Arguments &arguments, const std::vector<std::string> &pairs) {
  ClassWeight weights;
  for (const std::string &pair : pairs) {
    int64_t label;
    double weight;
    const char *end = pair.data() + pair.size();
    auto first = std::from_chars(pair.data(), end, label);
    bool separated = first.ec == std::errc() && first.ptr != end && *first.ptr == ':';
    auto second = separated ? std::from_chars(first.ptr + 1, end, weight) : first;
    if (!separated || second.ec != std::errc() || second.ptr != end) arguments.fail("--class-weight must be pairs CLASS:WEIGHT", "'" + pair + "'");
    if (!weights.emplace(label, weight).second) arguments.fail("--class-weight must name each class once", "'" + pair + "'");
  }
  return weights;
}

Json historyJson(const History &history) {
  Json::Object members;
  for (const auto &[key, series] : history.history) {
    Json lists = Json::list();
    for (const std::vector<double> &numbers : series.lists) lists.push_back(numbers);
    members.emplace_back(key, series.lists.empty() ? Json(static_cast<const std::vector<double> &>(series)) : lists);
  }
  return Json(std::move(members));
}

} // namespace

void train(const Words &words) {
  std::string path, x, y, sampleWeight, history, save;
  std::optional<std::string> optimizer, loss;
  std::optional<double> rate, split;
  std::optional<int64_t> seed, threads, steps;
  std::vector<std::string> metrics, classWeight;
  int64_t batch = 32, epochs = 1, verbose = 1;
  bool keepOrder = false;
  Arguments arguments("train",
                      "Trains a model on data from files. Optimizer, loss and metrics are those the file was compiled with, and the optimizer goes\n"
                      "on where it stopped, unless an option says otherwise.",
                      "example:\n  cornu train digits.keras --x images.npy --y labels.npy --epochs 5 --validation-split 0.1 --save trained.keras");
  arguments.positional("MODEL", path, modelHelp);
  arguments.option("x", "FILE", x, "inputs: .npy, or .npz whose keys are the input names", true);
  arguments.option("y", "FILE", y, "targets: .npy, or .npz whose keys are the output names", true);
  arguments.option("batch-size", "N", batch, 1, "samples of one step (default 32)");
  arguments.option("epochs", "N", epochs, 1, "passes over the data (default 1)");
  arguments.option("steps-per-epoch", "N", steps, 1, "steps of an epoch; the next goes on in the same pass over the data (default: a pass)");
  arguments.option("validation-split", "F", split, "the last fraction of the data is held out and measured");
  arguments.option("sample-weight", "FILE", sampleWeight, "what each sample counts in the loss: .npy, or .npz whose keys are the output names");
  arguments.option("class-weight", "CLASS:WEIGHT,...", classWeight, "what a sample counts by its class; 1 for classes not named");
  arguments.flag("no-shuffle", keepOrder, "keeps the order of the samples");
  arguments.option("seed", "N", seed, 0, "makes shuffling and dropout repeat");
  arguments.option("optimizer", "NAME", optimizer, "another optimizer, with Keras's defaults: sgd, rmsprop, ...");
  arguments.option("learning-rate", "X", rate, "another learning rate");
  arguments.option("loss", "NAME", loss, "another loss: categorical_crossentropy, ...");
  arguments.option("metrics", "NAME,...", metrics, "other metrics: accuracy, ...");
  arguments.option("history", "FILE", history, "writes loss and metrics of every epoch as JSON, with Keras's keys");
  arguments.option("save", "FILE", save, "writes the trained model (.keras)");
  arguments.option("verbose", "0|1|2", verbose, 0, "0: nothing, 1: a progress bar (default), 2: a line an epoch");
  arguments.option("threads", "N", threads, 1, "threads to compute with (default: all processors)");
  if (!arguments.parse(words)) return;
  if (threads) set_num_threads(*threads);
  if (verbose > 2) arguments.fail("--verbose must be 0, 1 or 2", std::to_string(verbose));

  if (seed) set_random_seed(static_cast<uint64_t>(*seed));
  Model model = load_model(path);
  recompile(model, optimizer, loss, metrics);
  if (!model.compiled() || !model.compile_options().loss.given())
    arguments.fail(path + " was not compiled: give --loss, and --optimizer if it is not to be rmsprop");
  if (rate) model.optimizer().set_learning_rate(*rate);
  Data inputs = asData(loadArrays(x), model.input_names(), "train", x), targets = asData(loadArrays(y), model.output_names(), "train", y);
  Data weights = sampleWeight.empty() ? Data() : asData(loadArrays(sampleWeight), model.output_names(), "train", sampleWeight);
  History result = model.fit(inputs, targets,
                             {.batch_size = batch, .epochs = epochs, .verbose = static_cast<int>(verbose), .validation_split = split.value_or(0), .shuffle = !keepOrder,
                              .sample_weight = weights, .class_weight = classWeights(arguments, classWeight), .steps_per_epoch = steps});
  if (!history.empty()) writeFile(history, historyJson(result).dump() + "\n");
  if (!save.empty()) model.save(save);
}

} // namespace cornu::driver
