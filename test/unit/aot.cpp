// Compiled ahead of time: C programs that include the header, link the object and nothing else, and get the same bits as fit and predict.
#include <gtest/gtest.h>

#include <cornu/cornu.h>

#include <sys/wait.h>

#include <cstdio>
#include <set>
#include <iterator>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace cornu;

namespace {

namespace fs = std::filesystem;
const std::string programs = CORNU_SOURCE "/test/aot/";

/// A folder of its own for each test, gone afterwards.
class Aot : public testing::Test {
protected:
  Aot() {
    std::string pattern = (fs::temp_directory_path() / "cornu-aot-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
    folder = pattern + "/";
  }
  ~Aot() override { fs::remove_all(folder); }

  /// Standard output; the test fails if the command does.
  std::string run(const std::string &command) {
    FILE *pipe = popen(("cd " + folder + " && " + command + " 2>stderr").c_str(), "r");
    std::string text;
    char buffer[4096];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
    int status = pclose(pipe);
    std::stringstream errors;
    errors << std::ifstream(folder + "stderr").rdbuf();
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command << "\n" << errors.str();
    return text;
  }
  void buildC(const std::string &program, const std::string &with, const std::string &flags = "") {
    run("clang-22 -std=c99 -Wall -Wextra -Werror -pedantic -O1 -I. " + programs + program + ".c " + with + " -o " + program + " " + flags);
  }
  void write(const std::string &name, const std::vector<Array> &arrays) {
    std::ofstream out(folder + name, std::ios::binary);
    for (const Array &a : arrays) out.write(static_cast<const char *>(a.raw()), static_cast<std::streamsize>(a.bytes()));
  }
  std::string folder;
};

struct Digits {
  Array images, labels;
};

Digits loadDigits(int64_t count) {
  Array table = load_csv(CORNU_SOURCE "/examples/data/digits.csv.gz").rows(0, count);
  Array images = table.columns(0, 64), labels = table.columns(64, 65).reshape({count}).astype(DType::Int32);
  for (int64_t i = 0; i < images.size(); ++i) images.set(i, images.at(i) / 16);
  return {images, to_categorical(labels, 10)};
}

/// The network of examples/digits.cpp, narrower.
Model digitsModel() {
  set_random_seed(7);
  auto image = Input({64}, {.name = "image"});
  auto x = Dense(48, {.activation = "tanh"})(image);
  x = Dropout(0.25)(x);
  x = Dense(33, {.activation = "relu"})(x);
  Model model(image, Dense(10, {.activation = "softmax", .name = "probability"})(x), {.name = "digits"});
  model.compile({.optimizer = SGD({.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}), .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  return model;
}

bool sameBits(const std::string &bytes, const Array &array) {
  return bytes.size() == array.bytes() && std::memcmp(bytes.data(), array.raw(), bytes.size()) == 0;
}

TEST_F(Aot, PredictsTheBitsOfPredict) {
  Model model = digitsModel();
  Digits digits = loadDigits(100);
  model.compile_to(folder + "digits", {.emit = {Emit::Obj, Emit::StaticLib, Emit::SharedLib, Emit::Header}});
  buildC("predict", "digits.o");
  for (int64_t batch : {1, 2, 3, 17, 32, 100}) {
    write("samples", {digits.images.rows(0, batch)});
    EXPECT_TRUE(sameBits(run("./predict " + std::to_string(batch) + " < samples"), model.predict(digits.images.rows(0, batch), {.batch_size = batch, .verbose = 0})))
        << "batch " << batch;
  }
  Array expected = model.predict(digits.images, {.batch_size = 100, .verbose = 0});
  buildC("predict", "digits.a");
  EXPECT_TRUE(sameBits(run("./predict 100 < samples"), expected));
  buildC("predict", "./digits.so");
  EXPECT_TRUE(sameBits(run("./predict 100 < samples"), expected));
}

TEST_F(Aot, ExternalWeightsGiveTheSameBits) {
  Model model = digitsModel();
  Digits digits = loadDigits(50);
  model.compile_to(folder + "digits", {.emit = {Emit::Obj, Emit::Header}, .weights = Weights::External});
  buildC("predict_external", "digits.o");
  write("samples", {digits.images});
  EXPECT_TRUE(sameBits(run("./predict_external 50 digits.weights < samples"), model.predict(digits.images, {.batch_size = 50, .verbose = 0})));
}

TEST_F(Aot, TheObjectNeedsOnlyMemcpyAndMemset) {
  Model model = digitsModel();
  model.compile_to(folder + "digits", {.train = true});
  std::istringstream undefined(run("llvm-nm-22 --undefined-only --format=just-symbols digits.o"));
  for (std::string symbol; undefined >> symbol;) EXPECT_TRUE(symbol == "memcpy" || symbol == "memset") << symbol;
  std::istringstream exported(run("llvm-nm-22 --extern-only --defined-only --format=just-symbols digits.o"));
  std::set<std::string> symbols{std::istream_iterator<std::string>(exported), {}};
  EXPECT_EQ(symbols, (std::set<std::string>{"digits_predict", "digits_predict_with_state", "digits_train_step", "digits_init_state", "digits_reset_metrics",
                                            "digits_read_loss", "digits_read_accuracy"}));
  // No writable data: nm's letters b, d, c and their capitals.
  std::istringstream all(run("llvm-nm-22 --defined-only digits.o"));
  for (std::string line; std::getline(all, line);) EXPECT_EQ(line.substr(17, 1).find_first_of("bBdDcC"), std::string::npos) << line;
}

TEST_F(Aot, WeighsSamplesAndReadsEveryMetric) {
  set_random_seed(7);
  auto x = Input({6});
  Model model(x, Dense(1, {.activation = "sigmoid"})(x));
  model.compile({.optimizer = "adam", .loss = "binary_crossentropy", .metrics = {metrics::AUC(), metrics::F1Score({.average = "micro", .threshold = 0.5, .name = "f1"})},
                 .weighted_metrics = {metrics::AUC({.curve = "PR"}), metrics::RootMeanSquaredError({.name = "rmse"})}});
  Array data = initializers::RandomNormal({.seed = 3})({40, 6}), target({40, 1}, DType::Float32), weight({40}, DType::Float32);
  for (int64_t i = 0; i < 40; ++i) target.set(i, static_cast<double>(i % 3 == 0)), weight.set(i, static_cast<double>(i % 4));
  model.compile_to(folder + "weighted", {.train = true, .sample_weight = true});
  buildC("weighted", "weighted.o");
  write("data", {data, target, weight});
  Logs logs = model.train_on_batch(data, target, {.sample_weight = weight});
  char expected[256];
  std::snprintf(expected, sizeof expected, "%a %a %a %a %a\n%a\n", logs["loss"], logs["auc"], logs["f1"], logs["weighted_auc"], logs["rmse"], 0.0);
  EXPECT_EQ(run("./weighted 40 < data"), expected);
  EXPECT_THROW(model.compile_to(folder + "weighted", {.sample_weight = true}), UserError);
}

TEST_F(Aot, TrainsInCWithTheLossesOfFit) {
  Model model = digitsModel();
  Digits digits = loadDigits(210);
  model.compile_to(folder + "digits", {.train = true});
  buildC("train", "digits.o");
  write("data", {digits.images, digits.labels});
  std::string embedded = run("./train 210 32 2 < data");
  model.compile_to(folder + "digits", {.weights = Weights::External, .train = true});
  buildC("train", "digits.o", "-DEXTERNAL");
  EXPECT_EQ(run("./train 210 32 2 < data"), embedded);

  std::istringstream printed(embedded);
  std::string word, value;
  auto next = [&] { return printed >> word >> value, std::strtod(value.c_str(), nullptr); };
  double first = 0, last = 0;
  for (int epoch = 0; epoch < 2; ++epoch) {
    double accuracy = 0;
    for (int64_t row = 0; row < 210; row += 32) {
      int64_t end = std::min<int64_t>(row + 32, 210);
      Logs logs = model.train_on_batch(digits.images.rows(row, end), digits.labels.rows(row, end));
      last = next();
      first = row + epoch ? first : last;
      ASSERT_EQ(word, "loss");
      EXPECT_EQ(last, logs["loss"]) << "epoch " << epoch << ", row " << row;
      accuracy = logs["accuracy"];
    }
    EXPECT_EQ(next(), accuracy);
    EXPECT_EQ(word, "accuracy");
  }
  EXPECT_LT(last, 0.7 * first) << "it must have learnt";
  Array expected = model.predict(digits.images, {.batch_size = 210, .verbose = 0});
  for (int64_t i = 0; i < expected.size(); ++i) ASSERT_EQ(next(), expected.at(i)) << i;
}

TEST_F(Aot, TwoModelsLinkIntoOneProgram) {
  Model digits = digitsModel();
  auto left = Input({3}, {.name = "left"}), right = Input({3}, {.name = "right"});
  Model pair({left, right}, {Add({.name = "sum"})({left, right}), Concatenate({.name = "both"})({Dense(2, {.activation = "tanh"})(left), right})});
  digits.compile_to(folder + "digits");
  pair.compile_to(folder + "pair");
  buildC("two_models", "digits.o pair.o");
  std::istringstream printed(run("./two_models"));
  auto check = [&](const Array &expected) {
    for (int64_t i = 0; i < expected.size(); ++i) {
      std::string value;
      printed >> value;
      EXPECT_EQ(std::strtod(value.c_str(), nullptr), expected.at(i));
    }
  };
  Array image({1, 64}, DType::Float32), three({1, 3}, DType::Float32);
  for (int i = 0; i < 64; ++i) image.set(i, (i + 1) / 64.);
  for (int i = 0; i < 3; ++i) three.set(i, i + 1);
  check(digits.predict(image, {.verbose = 0}));
  for (const Array &output : pair.predict_all({three, three}, {.verbose = 0})) check(output);
}

TEST_F(Aot, ThreadsMayCallAtOnce) {
  digitsModel().compile_to(folder + "digits");
  buildC("threads", "digits.o", "-pthread");
  EXPECT_EQ(run("./threads"), "0 wrong of 4000\n");
}

TEST_F(Aot, ProgramsLendThreads) {
  digitsModel().compile_to(folder + "digits", {.threads = true});
  buildC("lent_threads", "digits.o", "-pthread");
  EXPECT_EQ(run("./lent_threads"), "shared, same bits\n");
}

TEST_F(Aot, TheHeaderIsCppToo) {
  digitsModel().compile_to(folder + "digits", {.train = true});
  run("clang++-22 -std=c++17 -Wall -Wextra -Werror -pedantic -I. " + programs + "header.cpp digits.o -o header && ./header");
}

/// h' = tanh(x + h W), all states.
struct Recurrent : Layer<Recurrent> {
  Variable kernel;
  void build(const Shape &in) { kernel = add_weight("kernel", {in.back(), in.back()}); }
  Tensor call(const Tensor &x) {
    auto step = [&](const Tensors &states, const Tensors &slices) -> ScanStep {
      Tensor h = tanh(slices[0] + matmul(states[0], kernel));
      return {{h}, {h}};
    };
    return scan(step, {zeros({-1, x.dim(-1)})}, {x}).outputs[0];
  }
};

TEST_F(Aot, LoopsGiveTheBitsOfPredict) {
  set_random_seed(3);
  auto in = Input({9, 12});
  Model model(in, Recurrent()(in), {.name = "loop"});
  model.compile_to(folder + "loop", {.emit = {Emit::Exe}});
  for (int64_t batch : {1, 5}) {
    Array x = initializers::RandomNormal({.stddev = 1, .seed = 4})({batch, 9, 12});
    save_npy(folder + "in.npy", x);
    run("./loop --input in.npy --output out.npy");
    EXPECT_EQ(load_npy(folder + "out.npy"), model.predict(x, {.batch_size = batch, .verbose = 0})) << "batch " << batch;
  }
}

TEST_F(Aot, TheExecutableReadsAndWritesFiles) {
  Model model = digitsModel();
  Digits digits = loadDigits(70);
  model.compile_to(folder + "digits", {.emit = {Emit::Exe}});
  save_npy(folder + "in.npy", digits.images);
  run("./digits --input in.npy --output out.npy");
  Array expected = model.predict(digits.images, {.verbose = 0});
  EXPECT_EQ(load_npy(folder + "out.npy"), expected);
  save_npy(folder + "wide.npy", digits.images.astype(DType::Float64));
  run("./digits --input=wide.npy --output=out.npz");
  NamedArrays archive = load_npz(folder + "out.npz");
  ASSERT_EQ(archive.size(), 1u);
  EXPECT_EQ(archive[0].first, "probability");
  EXPECT_EQ(archive[0].second, expected);
  EXPECT_NE(run("./digits --input in.npy --repeat 3").find("70 samples in batches of 32, 3 times: median"), std::string::npos);
}

TEST_F(Aot, ProgramsLendRoomForPairsOfSamples) {
  auto in = Input({5}, {.name = "x"});
  Model model(in, Lambda([](const Tensor &x) { return logsumexp(matmul(x, transpose(x, {1, 0})), 1); })(in), {.name = "pairs"});
  model.compile_to(folder + "pairs", {.emit = {Emit::Exe, Emit::Header}});
  EXPECT_NE(run("cat pairs.h").find("+ 4 * (size_t)(batch)) * (size_t)(batch))"), std::string::npos);
  Array x = initializers::RandomNormal({.stddev = 1, .seed = 4})({70, 5});
  save_npy(folder + "in.npy", x);
  run("./pairs --input in.npy --output out.npy --batch-size 40");
  EXPECT_EQ(load_npy(folder + "out.npy"), model.predict(x, {.batch_size = 40, .verbose = 0}));
}

TEST_F(Aot, ExecutablesOfSeveralInputsTakeArchives) {
  auto left = Input({3}, {.name = "left"}), right = Input({2}, {.name = "right"});
  Model pair({left, right}, {Dense(2, {.name = "first"})(left), Concatenate({.name = "both"})({left, right})});
  pair.compile_to(folder + "pair", {.emit = {Emit::Exe}, .weights = Weights::External});
  Array l({5, 3}, DType::Float32), r({5, 2}, DType::Float32);
  for (int i = 0; i < 15; ++i) l.set(i, i * 0.5);
  for (int i = 0; i < 10; ++i) r.set(i, -i);
  save_npz(folder + "in.npz", {{"right", r}, {"left", l}});
  run("./pair --input in.npz --output out.npz --batch-size 2");
  NamedArrays archive = load_npz(folder + "out.npz");
  std::vector<Array> expected = pair.predict_all({l, r}, {.batch_size = 2, .verbose = 0});
  ASSERT_EQ(archive.size(), 2u);
  EXPECT_EQ(archive[0].first, "first");
  EXPECT_EQ(archive[0].second, expected[0]);
  EXPECT_EQ(archive[1].first, "both");
  EXPECT_EQ(archive[1].second, expected[1]);
}

TEST_F(Aot, ExecutablesSayWhatIsWrong) {
  Model model = digitsModel();
  model.compile_to(folder + "digits", {.emit = {Emit::Exe}});
  save_npy(folder + "narrow.npy", Array({5, 63}, DType::Float32));
  std::ofstream(folder + "broken.npy") << "\x93NUMPY";
  auto refuses = [&](const std::string &arguments, const std::string &message) {
    EXPECT_EQ(run("{ ./digits " + arguments + " 2>&1 >/dev/null; echo status $?; }"), "cornu: " + message + "\nstatus 1\n");
  };
  refuses("", "--input FILE is missing; see ./digits --help");
  refuses("--input none.npy", "none.npy: cannot open: No such file or directory");
  refuses("--input broken.npy", "broken.npy: not a .npy file");
  refuses("--input narrow.npy", "narrow.npy: input 'image' must have shape (batch, 64). Received: shape=(5, 63)");
  refuses("--input narrow.npy --repeat none", "--repeat must be a positive integer. Received: none");
  refuses("--frobnicate", "unknown argument '--frobnicate'; see ./digits --help");
}

TEST_F(Aot, ModelsWithoutWeightsTakeNone) {
  auto x = Input({3}, {.name = "a"}), y = Input({3}, {.name = "A"});
  Model model({x, y}, Activation("relu", {.name = "double"})(Add()({x, y})));
  model.compile_to(folder + "plain-sum", {.emit = {Emit::Exe, Emit::Header, Emit::Obj}, .weights = Weights::External});
  EXPECT_FALSE(fs::exists(folder + "plain-sum.weights"));
  std::ofstream(folder + "main.c") << "#include \"plain-sum.h\"\nint main(void) {\n  float a[PLAIN_SUM_INPUT_A_SIZE] = {1, -2, 3}, b[PLAIN_SUM_INPUT_A_1_SIZE] = {1, 1, 1};\n"
                                      "  float c[PLAIN_SUM_OUTPUT_SIZE];\n  unsigned char w[PLAIN_SUM_WORKSPACE_BYTES(1)];\n"
                                      "  plain_sum_predict(a, b, c, 1, w);\n  return !(c[0] == 2 && c[1] == 0 && c[2] == 4);\n}\n";
  run("clang-22 -std=c99 -Wall -Wextra -Werror -pedantic main.c plain-sum.o -o main && ./main");
  EXPECT_NE(run("cat plain-sum.h").find("float *double_,"), std::string::npos) << "keywords are no names of arguments";
  Array a({2, 3}, DType::Float32), b({2, 3}, DType::Float32);
  for (int i = 0; i < 6; ++i) a.set(i, i - 3), b.set(i, 1);
  save_npz(folder + "in.npz", {{"a", a}, {"A", b}});
  run("./plain-sum --input in.npz --output out.npy");
  EXPECT_EQ(load_npy(folder + "out.npy"), model.predict({a, b}, {.verbose = 0}));
}

TEST_F(Aot, WithoutALinkerThereIsAReason) {
  Model model = digitsModel();
  std::string path = getenv("PATH");
  setenv("PATH", folder.c_str(), 1);
  std::string message;
  try {
    model.compile_to(folder + "digits", {.emit = {Emit::Exe}});
  } catch (const EnvironmentError &error) {
    message = error.what();
  }
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(message, folder + "digits: linking an executable needs a C compiler (cc, clang or gcc) on the PATH, and there is none");
  model.compile_to(folder + "digits");   // objects need none
}

TEST_F(Aot, CompileToSaysWhatIsWrong) {
  Model model = digitsModel();
  EXPECT_THROW(model.compile_to(folder + "digits", {.target_cpu = "abacus"}), UserError);
  EXPECT_THROW(model.compile_to(folder + "digits", {.emit = {}}), UserError);
  EXPECT_THROW(model.compile_to(folder + "missing/digits"), EnvironmentError);
  auto x = Input({3});
  EXPECT_THROW(Model(x, Dense(2)(x)).compile_to(folder + "untrained", {.train = true}), UserError);
}

} // namespace
