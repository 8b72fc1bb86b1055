// Cornu beside real Keras: every case that test/goldens/make_goldens.py wrote, predicted, trained, stepped and resumed.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>

#include "frontend/models/model.h"
#include "frontend/ops/ops.h"
#include "frontend/saving/files.h"
#include "frontend/saving/json.h"
#include "frontend/saving/npy.h"
#include "frontend/saving/saving.h"
#include "test/unit/files_testing.h"

using namespace cornu;
using namespace cornu::testing;

namespace {
// Bars: losses relative, weights and optimizer state absolute. Two backends of Keras differ by 1.6e-6 and 1.8e-7 on these cases.
constexpr double kLoss = 1e-5, kWeight = 1e-4, kPrediction = 1e-5;

std::vector<std::string> caseNames() {
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(CORNU_GOLDENS))
    if (std::filesystem::exists(entry.path() / "expected.json")) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

/// One case's files.
struct Case {
  explicit Case(const std::string &name) : folder(std::string(CORNU_GOLDENS) + "/" + name) {
    Array text = readFile(folder + "/expected.json");
    expected = Json::parse(bytesOf(text), "expected.json");
    x = load_npz(folder + "/x.npz");
    y = load_npz(folder + "/y.npz");
    if (std::filesystem::exists(folder + "/weights.npz")) weights = load_npz(folder + "/weights.npz");
    if (const Json &given = expected.get("fit"); given.isObject()) fit = given;
    if (fit.contains("class_weight"))
      for (const auto &[label, weight] : fit.at("class_weight").asObject()) classWeight[std::stoll(label)] = weight.asDouble();
    batchSize = integer(expected, "batch_size");
    epochs = expected.at("epochs").asInt();
  }
  Model model() const { return load_model(folder + "/model.keras"); }
  Array final(const std::string &key) const {
    for (auto &[name, array] : load_npz(folder + "/final.npz"))
      if (name == key) return array;
    ADD_FAILURE() << folder << "/final.npz has no array " << key;
    return {};
  }
  FitOptions options(int64_t epochCount) const {
    FitOptions o{.batch_size = batchSize, .epochs = epochCount, .verbose = 0, .validation_split = expected.at("validation_split").asDouble(), .shuffle = false,
                 .sample_weight = weights, .class_weight = classWeight};
    if (auto rows = integer(fit, "validation_rows")) o.validation_data = {head(x, *rows), head(y, *rows), head(weights, *rows)};
    if (auto first = integer(fit, "initial_epoch")) o.initial_epoch = *first;
    if (fit.contains("validation_freq")) o.validation_freq = OneOrMany<int64_t>::from(fit.at("validation_freq"));
    o.steps_per_epoch = integer(fit, "steps_per_epoch"), o.validation_steps = integer(fit, "validation_steps");
    o.validation_batch_size = integer(fit, "validation_batch_size");
    return o;
  }
  static std::optional<int64_t> integer(const Json &json, const char *key) { return json.get(key).isNull() ? std::nullopt : std::optional(json.at(key).asInt()); }
  static NamedArrays head(const NamedArrays &arrays, int64_t rows) {
    NamedArrays first;
    for (const auto &[name, array] : arrays) first.emplace_back(name, array.rows(0, rows));
    return first;
  }

  std::string folder;
  Json expected;
  NamedArrays x, y, weights;
  ClassWeight classWeight;
  Json fit = Json::object();                     ///< further options
  std::optional<int64_t> batchSize;
  int64_t epochs;
};

double relative(double got, double wanted) { return std::abs(got - wanted) / std::max(std::abs(wanted), 1e-9); }

/// Elements 0, stride, 2·stride … against `thinned`, and the sums of all elements against those of Keras.
void expectNear(const Array &got, const Array &thinned, const Json &about) {
  const std::string &name = about.at("name").asString();
  ASSERT_EQ(got.shape(), about.at("shape").asShape()) << name;
  int64_t stride = about.at("stride").asInt(), count = got.size();
  ASSERT_EQ(thinned.size(), (count + stride - 1) / stride) << name;
  double worst = 0, sum = 0, squares = 0;
  for (int64_t i = 0; i < count; ++i) {
    double value = got.at(i);
    sum += value;
    squares += value * value;
    if (i % stride == 0) worst = std::max(worst, std::abs(value - thinned.at(i / stride)));
  }
  EXPECT_LE(worst, kWeight) << name;
  // Rounding errors of the elements are independent; a mistake in a part of the array is not.
  double n = static_cast<double>(count);
  EXPECT_NEAR(sum, about.at("sum").asDouble(), kWeight * std::max(1.0, std::sqrt(n))) << name;
  EXPECT_NEAR(squares, about.at("sum_of_squares").asDouble(), kWeight * std::max(1.0, squares)) << name;
}

void expectState(const Case &golden, Model &model) {
  std::vector<Array> weights = model.get_weights();
  const Json &about = golden.expected.at("weights");
  ASSERT_EQ(weights.size(), about.size());
  for (size_t i = 0; i < weights.size(); ++i) expectNear(weights[i], golden.final(std::to_string(i)), about.at(i));

  std::vector<Variable> state = model.optimizer().variables();
  const Json &slots = golden.expected.at("optimizer");
  ASSERT_EQ(state.size(), slots.size());
  for (size_t i = 0; i < state.size(); ++i) expectNear(state[i].value(), golden.final("optimizer/" + std::to_string(i)), slots.at(i));
}

/// The layer of the case added_losses.
struct Penalty : Layer<Penalty> {
  double factor;
  explicit Penalty(double factor) : factor(factor) {}
  Tensor call(const Tensor &x) {
    add_loss(factor * square(x));
    add_metric(x, "activity");
    return x;
  }
  Json get_config() const override {
    Json config = BaseLayer::get_config();
    config["factor"] = factor;
    return config;
  }
};
const bool registered = (register_layer<Penalty>([](const Json &c) { return Penalty(c.at("factor").asDouble()); }, {.package = "goldens"}), true);

class Goldens : public ::testing::TestWithParam<std::string> {};

TEST_P(Goldens, predict) {
  Case golden(GetParam());
  Model model = golden.model();
  std::vector<Array> got = model.predict_all(golden.x, {.batch_size = golden.batchSize, .verbose = 0});
  std::vector<std::string> names = model.output_names();
  NamedArrays wanted = load_npz(golden.folder + "/start.npz");
  ASSERT_EQ(got.size(), wanted.size());
  for (const auto &[name, array] : wanted) {
    auto found = std::find(names.begin(), names.end(), name);
    ASSERT_NE(found, names.end()) << name;
    const Array &mine = got[static_cast<size_t>(found - names.begin())];
    ASSERT_EQ(mine.shape(), array.shape());
    for (int64_t i = 0; i < array.size(); ++i) ASSERT_NEAR(mine.at(i), array.at(i), kPrediction * std::max(1.0, std::abs(array.at(i)))) << name << " " << i;
  }
}

TEST_P(Goldens, fit) {
  Case golden(GetParam());
  Model model = golden.model();
  History history = model.fit(golden.x, golden.y, golden.options(golden.epochs));
  const Json::Object &wanted = golden.expected.at("history").asObject();
  ASSERT_EQ(history.history.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(history.history[i].first, wanted[i].first); // in Keras's order, too
    const Json &values = wanted[i].second;
    const Series &got = history.history[i].second;
    ASSERT_EQ(std::max(got.size(), got.lists.size()), values.size());
    for (size_t epoch = 0; epoch < values.size(); ++epoch) {
      bool isList = values.at(epoch).isList();
      ASSERT_EQ(isList, got.empty());
      std::vector<double> numbers = isList ? got.lists[epoch] : std::vector{got[epoch]};
      ASSERT_EQ(numbers.size(), isList ? values.at(epoch).size() : 1);
      for (size_t k = 0; k < numbers.size(); ++k)
        // Metrics that subtract sums, correlations above all, lose half a digit.
        EXPECT_LE(relative(numbers[k], (isList ? values.at(epoch).at(k) : values.at(epoch)).asDouble()), wanted[i].first.ends_with("loss") ? kLoss : 5 * kLoss)
            << wanted[i].first << ", epoch " << epoch;
    }
  }
  expectState(golden, model);
}

TEST_P(Goldens, stepByStep) {
  Case golden(GetParam());
  if (golden.expected.at("step_loss").size() == 0) GTEST_SKIP() << "epochs are not passes over the data";
  Model model = golden.model();
  int64_t samples = golden.x[0].second.dim(0);
  if (double split = golden.expected.at("validation_split").asDouble()) samples = static_cast<int64_t>(static_cast<double>(samples) * (1 - split));
  auto part = [](const NamedArrays &arrays, int64_t begin, int64_t end) {
    NamedArrays rows;
    for (const auto &[name, array] : arrays) rows.emplace_back(name, array.rows(begin, end));
    return rows;
  };
  const Json &wanted = golden.expected.at("step_loss");
  size_t step = 0;
  for (int64_t epoch = 0; epoch < golden.epochs; ++epoch)
    for (int64_t begin = 0; begin < samples; begin += *golden.batchSize, ++step) {
      int64_t end = std::min(begin + *golden.batchSize, samples);
      BatchOptions options{.sample_weight = part(golden.weights, begin, end), .class_weight = golden.classWeight};
      double loss = model.train_on_batch(part(golden.x, begin, end), part(golden.y, begin, end), options)["loss"];
      EXPECT_LE(relative(loss, wanted.at(step).asDouble()), kLoss) << "step " << step;
    }
  EXPECT_EQ(step, wanted.size());
  expectState(golden, model);
}

TEST_P(Goldens, savedHalfwayGoesOnTheSame) {
  Case golden(GetParam());
  TemporaryFolder folder;
  int64_t half = golden.epochs / 2;
  Model first = golden.model();
  first.fit(golden.x, golden.y, golden.options(half));
  first.save(folder / "half.keras");
  first.fit(golden.x, golden.y, golden.options(golden.epochs - half));
  Model second = load_model(folder / "half.keras");
  second.fit(golden.x, golden.y, golden.options(golden.epochs - half));
  std::vector<Array> uninterrupted = first.get_weights(), resumed = second.get_weights();
  ASSERT_EQ(uninterrupted.size(), resumed.size());
  for (size_t i = 0; i < resumed.size(); ++i) EXPECT_EQ(uninterrupted[i], resumed[i]) << "weight " << i << ": not the same bits";
}

INSTANTIATE_TEST_SUITE_P(Keras, Goldens, ::testing::ValuesIn(caseNames()), [](const auto &info) { return info.param; });

} // namespace
