// Handwritten digits: images of 8×8 pixels, 10 classes, every seventh held out. See data/README.md for the source.
//
//   digits [--out DIR] [--batch N] [--epochs N] [--holdout K] [--seed N] [--verbose 0|1|2] [--accuracy-only]
//
// The rows i with i mod 7 = K are held out. With --out the trained model is saved as DIR/digits.keras, compiled ahead of time to the program
// DIR/digits, which is then run on the rows held out; DIR/ir has the compiler's stages. --accuracy-only prints the accuracy on the rows held out,
// in percent, and nothing else.
#include <cornu/cornu.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>

using namespace cornu;

namespace {

struct Digits {
  Array images, labels; ///< (samples, 64) in 0…1, (samples,)
};

/// 64 pixels from 0 to 16, then the label, on each line.
Digits load_digits() {
  Array table = load_csv(DIGITS_CSV);
  int64_t samples = table.dim(0);
  Digits digits{Array({samples, 64}, DType::Float32), Array({samples}, DType::Int32)};
  for (int64_t i = 0; i < samples; ++i) {
    for (int64_t k = 0; k < 64; ++k) digits.images.set(i * 64 + k, table.at(i * 65 + k) / 16);
    digits.labels.set(i, table.at(i * 65 + 64));
  }
  return digits;
}

int64_t classOf(std::span<const float> probabilities) {
  return std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
}

/// How many rows have their largest probability at the right digit.
int64_t correct(const Array &probabilities, const Array &labels) {
  int64_t count = 0;
  for (int64_t i = 0; i < labels.size(); ++i)
    count += classOf(probabilities.span<float>().subspan(static_cast<size_t>(i) * 10, 10)) == static_cast<int64_t>(labels.at(i));
  return count;
}

/// Everything after training: the file that Keras opens, the program that needs neither Keras nor Cornu, and how it came about.
int ship(Model &model, const Array &x_test, const Array &labels, const std::string &out) {
  namespace fs = std::filesystem;
  std::string file = out + "/digits.keras", program = out + "/digits", images = out + "/held_out.npy", answers = out + "/probabilities.npy";
  fs::create_directories(out + "/ir");
  model.save(file);
  model.compile_to(program, {.emit = {Emit::Exe}});
  model.compile_to(out + "/ir/digits", {.emit = {Emit::Graph, Emit::Cornu, Emit::Linalg, Emit::Vector, Emit::LLVM, Emit::Asm}, .train = true});
  save_npy(images, x_test);
  std::cout << "model: " << file << ", " << fs::file_size(file) << " bytes\n"
            << "binary: " << program << ", " << fs::file_size(program) << " bytes with its " << model.count_params() << " weights\n"
            << "the compiler's stages: " << out << "/ir\n"
            << "the binary on the images held out, one at a time: " << std::flush;
  std::string command = "'" + fs::absolute(program).string() + "' --input '" + images + "' --output '" + answers + "' --batch-size 1 --repeat 20";
  if (std::system(command.c_str()) != 0) return 1;
  int64_t right = correct(load_npy(answers), labels);
  std::cout << "accuracy of the binary: " << static_cast<double>(right) / static_cast<double>(labels.size()) << " (" << right << " of " << labels.size() << ")\n";
  return 0;
}

int run(std::map<std::string, std::string> options) {
  auto number = [&](const char *name, int64_t otherwise) { return options[name].empty() ? otherwise : std::atoll(options[name].c_str()); };
  set_random_seed(static_cast<uint64_t>(number("--seed", 1)));

  Digits digits = load_digits();
  std::vector<int64_t> train, test;
  for (int64_t i = 0; i < digits.labels.size(); ++i) (i % 7 == number("--holdout", 0) ? test : train).push_back(i);
  Array x_train = digits.images.gatherRows(train), y_train = to_categorical(digits.labels.gatherRows(train), 10);
  Array x_test = digits.images.gatherRows(test), y_test = to_categorical(digits.labels.gatherRows(test), 10);

  Sequential model;
  model.add(Dense(500, {.input_shape = {64}}));
  model.add(Activation("tanh"));
  model.add(Dropout(0.5));
  model.add(Dense(500));
  model.add(Activation("tanh"));
  model.add(Dropout(0.5));
  model.add(Dense(10));
  model.add(Activation("softmax"));
  bool quiet = options.contains("--accuracy-only");
  if (!quiet) model.summary();

  auto sgd = SGD({.learning_rate = 0.01, .momentum = 0.9, .nesterov = true, .decay = 1e-6});
  model.compile({.optimizer = sgd, .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(x_train, y_train, {.batch_size = number("--batch", 200), .epochs = number("--epochs", 50),
                               .verbose = quiet ? 0 : static_cast<int>(number("--verbose", 1)), .shuffle = true});

  auto scores = model.evaluate(x_test, y_test, {.batch_size = 200, .verbose = 0});
  if (quiet) {
    std::cout << 100 * scores["accuracy"] << "\n";
    return 0;
  }
  Array labels = digits.labels.gatherRows(test);
  std::cout << "held out: loss " << scores["loss"] << ", accuracy " << scores["accuracy"] << " ("
            << correct(model.predict(x_test, {.verbose = 0}), labels) << " of " << test.size() << ")\n";
  if (std::string out = options["--out"]; !out.empty()) return ship(model, x_test, labels, out);
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  const std::set<std::string> valued = {"--out", "--batch", "--epochs", "--holdout", "--seed", "--verbose"};
  std::map<std::string, std::string> options;
  for (int i = 1; i < argc; ++i) {
    std::string option = argv[i];
    if (option == "--accuracy-only") {
      options[option] = "yes";
    } else if (valued.contains(option) && i + 1 < argc) {
      options[option] = argv[++i];
    } else {
      std::cerr << "digits: options are --out, --batch, --epochs, --holdout, --seed and --verbose, each with a value, and --accuracy-only. Received: " << option << "\n";
      return 1;
    }
  }
  try {
    return run(options);
  } catch (const Error &error) {
    std::cerr << "digits: " << error.what() << "\n";
    return 1;
  }
}
