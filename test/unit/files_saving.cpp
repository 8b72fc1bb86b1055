#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>

#include "cornu/cornu.h"
#include "frontend/saving/keras_archive.h"
#include "runtime/philox.h"
#include "test/unit/files_testing.h"
#include "test/unit/messages.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

/// A config without what may differ between two equal ones: identities of objects, defaults recorded with calls, what other versions add.
/// Where extents are open, what records them: only Keras's Inputs say more than what the layers were last built for, and it asks nobody else.
Json normalized(const Json &json, bool open = false) {
  if (json.isList() && json.empty()) return nullptr; // metrics=[] and none
  if (json.get("class_name") == Json("__numpy__") || json.get("class_name") == Json("__tensor__")) return json.at("config");
  if (json.isList()) {
    Json list = Json::list();
    for (const Json &item : json.asList()) list.push_back(normalized(item, open));
    return list;
  }
  if (!json.isObject()) return json;
  Json object = Json::object();
  const Json &registered = json.get("registered_name");
  bool own = registered.isString() && registered.asString().find('>') != std::string::npos; // whose module is the name of a Python file
  for (const auto &[key, value] : json.asObject()) {
    if (own && key == "module") continue;
    if (open && (key == "build_config" || key == "shape")) continue;
    if (key == "shared_object_id" || key == "input_axes" || key == "output_axes" || key == "jit_compile") continue;
    object[key] = key == "kwargs" ? Json::object() : normalized(value, open);
  }
  return object;
}

/// The layers of a normalized model config without comparisons that nobody's arguments name: with them Keras writes down what a mask is that a
/// tensor carries into a model.
Json withoutCarriedMasks(Json model) {
  Json kept = Json::list();
  for (const Json &layer : model.at("config").at("layers").asList()) {
    bool used = layer.get("class_name") != Json("NotEqual") || model.dump().find("\"keras_history\": [\"" + layer.at("name").asString() + "\"") != std::string::npos;
    if (used) kept.push_back(layer);
  }
  model["config"]["layers"] = kept;
  return model;
}

void expectSame(const WeightStore &a, const WeightStore &b) {
  for (const auto &[path, group] : a) {
    ASSERT_TRUE(b.contains(path)) << path;
    EXPECT_EQ(group.name, b.at(path).name) << path;
    ASSERT_EQ(group.arrays.size(), b.at(path).arrays.size()) << path;
    for (size_t i = 0; i < group.arrays.size(); ++i) EXPECT_EQ(group.arrays[i], b.at(path).arrays[i]) << path << "/" << i;
  }
  EXPECT_EQ(a.size(), b.size());
}

std::vector<std::string> goldenModels() {
  std::vector<std::string> found{"files/sequential.keras", "files/nested.keras"};
  for (const auto &entry : std::filesystem::directory_iterator(CORNU_GOLDENS))
    if (std::filesystem::exists(entry.path() / "model.keras")) found.push_back(entry.path().filename().string() + "/model.keras");
  std::sort(found.begin(), found.end());
  return found;
}

/// Every model that real Keras saved: read, written and compared, config and weights and optimizer state.
class SavingGolden : public ::testing::TestWithParam<std::string> {};
TEST_P(SavingGolden, writtenAgainIsTheSame) {
  TemporaryFolder folder;
  std::string theirs = std::string(CORNU_GOLDENS) + "/" + GetParam(), ours = folder / "ours.keras";
  Model model = load_model(theirs);
  bool open = !model.built();
  if (open) {
    std::vector<Shape> shapes = model.input_shapes();
    for (Shape &shape : shapes) std::replace(shape.begin() + 1, shape.end(), int64_t(-1), int64_t(11));
    model.build(shapes);
  }
  model.save(ours);
  KerasArchive a = readKerasArchive(theirs), b = readKerasArchive(ours);
  Json given = withoutCarriedMasks(normalized(a.config, open)), written = withoutCarriedMasks(normalized(b.config, open));
  if (!(given == written)) EXPECT_EQ(given.dump(1), written.dump(1)); // numbers may differ in spelling: 1 and 1.0
  // A model that has never been trained has no slots yet; loading makes them, as Keras's loading does.
  WeightStore all = b.weights;
  if (size_t stored = a.weights["optimizer/vars"].arrays.size(); stored <= 2) all["optimizer/vars"].arrays.resize(stored);
  expectSame(a.weights, all);
  if (open) return;
  expectSame(b.weights, readKerasArchive((load_model(ours).save(folder / "again.keras"), folder / "again.keras")).weights);
}
INSTANTIATE_TEST_SUITE_P(Keras, SavingGolden, ::testing::ValuesIn(goldenModels()), [](const auto &info) {
  std::string name = info.param;
  for (char &c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

Model nestedModel() {
  auto a = Input({4}, {.name = "a"}), b = Input({2, 2}, {.name = "b"});
  auto inside = Input({4});
  Model inner(inside, Dense(3, {.activation = "relu", .name = "in_d"})(inside), {.name = "inner"});
  Sequential tail({Input({3}), Dense(2), Activation("tanh")}, {.name = "tail"});
  auto x = inner(a), z = inner(Flatten()(b));
  auto shared = Dense(3, {.kernel_initializer = "he_normal", .kernel_regularizer = regularizers::L2(0.01), .kernel_constraint = constraints::MaxNorm(2), .name = "shared"});
  auto joined = Concatenate()({shared(x), shared(z)});
  auto dropped = Dropout(0.3, {.seed = 3})(Add()({x, z}));
  auto first = Dense(1, {.activation = "sigmoid", .name = "first"})(joined), second = Reshape({1, 2})(tail(dropped));
  return Model({a, b}, {first, second}, {.name = "whole"});
}

TEST(Saving, loadingDrawsNoInitialValues) {
  auto kernel = [] { return Sequential({Input({4}), Dense(3)}).get_weights()[0]; };
  set_random_seed(3);
  Array first = kernel();
  set_random_seed(3);
  load_model(std::string(CORNU_GOLDENS) + "/p1/model.keras"); // whose values it has from the file
  EXPECT_EQ(kernel(), first);
}

TEST(Saving, nestedAndSharedLayersComeBack) {
  TemporaryFolder folder;
  Model model = nestedModel();
  model.compile({.optimizer = optimizers::RMSprop({.learning_rate = schedules::ExponentialDecay(1e-2, 100, 0.9), .momentum = 0.5}),
                 .loss = {{"first", "binary_crossentropy"}, {"reshape", losses::MeanSquaredError()}}, .loss_weights = {1.0, 0.5}});
  model.save(folder / "m.keras");
  Model back = load_model(folder / "m.keras");
  EXPECT_EQ(back.to_json(), model.to_json());
  EXPECT_EQ(back.get_weights(), model.get_weights());
  EXPECT_EQ(load_model(folder / "m.keras", {.compile = false}).compiled(), false);
  model.save(folder / "bare.keras", {.include_optimizer = false});
  EXPECT_FALSE(load_model(folder / "bare.keras").compiled());
}

TEST(Saving, listsOfOneStayLists) {
  auto x = Input({2});
  Dense layer(1);
  Model single(x, layer(x)), lists({x}, {layer(x)});
  EXPECT_EQ(single.get_config().at("output_layers").at(0), Json(layer.name()));
  Json config = lists.get_config();
  EXPECT_EQ(config.at("input_layers").at(0).at(0), Json(x.name()));
  EXPECT_EQ(config.at("output_layers").at(0).at(0), Json(layer.name()));
  EXPECT_EQ(model_from_json(lists.to_json()).get_config(), config);
}

TEST(Saving, weightsAloneComeBack) {
  TemporaryFolder folder;
  Model model = nestedModel(), other = nestedModel();
  model.save_weights(folder / "m.weights.h5");
  EXPECT_NE(other.get_weights(), model.get_weights());
  other.load_weights(folder / "m.weights.h5");
  EXPECT_EQ(other.get_weights(), model.get_weights());
}

TEST(Saving, textMakesANewModel) {
  Sequential model({Input({3}), Dense(2, {.activation = "relu", .name = "d"})}, {.name = "s"});
  Model back = model_from_json(model.to_json());
  EXPECT_EQ(back.to_json(), model.to_json());
  EXPECT_EQ(back.class_name(), "Sequential");
}

TEST(Saving, keras2FilesGoOnTraining) {
  // Written by tf-keras in the middle of training; its own next two epochs gave these losses (make_tf_keras.py).
  Model model = load_model(std::string(CORNU_GOLDENS) + "/files/tf_keras.keras");
  std::vector<float> rows(32);
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<float>(i) / 32;
  History history = model.fit({Array(rows, {8, 4}), Array(rows, {8, 2, 2})}, {Array::zeros({8, 1}), Array::full({8, 1, 2}, 1)},
                              {.batch_size = 4, .epochs = 2, .verbose = 0, .shuffle = false});
  std::vector<double> losses;
  for (const auto &[key, values] : history.history)
    if (key == "loss") losses = values;
  ASSERT_EQ(losses.size(), 2u);
  EXPECT_NEAR(losses[0], 0.7972102165222168, 1e-5);
  EXPECT_NEAR(losses[1], 0.6379460096359253, 1e-5);
}

TEST(Saving, saysWhatCannotBeSaved) {
  TemporaryFolder folder;
  Sequential model({Input({3}), Dense(2)});
  EXPECT_EQ(messageOf([&] { model.save(folder / "m.h5"); }),
            "save writes Keras's .keras format; Keras's old HDF5 format is not supported yet. Received: '" + (folder / "m.h5") + "'");
  EXPECT_EQ(messageOf([&] { Sequential({Dense(2)}, {.name = "s"}).save(folder / "m.keras"); }),
            "Model 's': to be saved a model must have weights: give it an Input, or call fit or predict first");
  model.compile({.loss = [](const Tensor &truth, const Tensor &prediction) { return mean(prediction - truth, {-1}); }});
  EXPECT_TRUE(messageOf([&] { model.save(folder / "m.keras"); }).ends_with("; .include_optimizer = false saves the model without what compile() was given"));
  model.save(folder / "m.keras", {.include_optimizer = false});
  EXPECT_EQ(environmentError([&] { model.save(folder / "no/m.keras", {.include_optimizer = false}); }), folder / "no/m.keras" + ": cannot write: No such file or directory");
}

struct Scaled : Layer<Scaled> {
  int64_t units;
  Variable kernel;
  explicit Scaled(int64_t units, LayerOptions options = {}) : Layer(std::move(options)), units(units) {}
  void build(const Shape &in) { kernel = add_weight("kernel", {in.back(), units}); }
  Tensor call(const Tensor &x) { return 0.5f * matmul(x, kernel); }
  Json get_config() const override {
    Json config = Layer::get_config();
    config["units"] = units;
    return config;
  }
};

TEST(Saving, aUsersLayerNeedsRegistration) {
  TemporaryFolder folder;
  Sequential model({Input({3}), Scaled(2, {.name = "mine"})}, {.name = "s"});
  model.save(folder / "m.keras");
  EXPECT_TRUE(messageOf([&] { load_model(folder / "m.keras"); }).starts_with(folder / "m.keras" + ": layer 'mine': unknown layer 'Scaled'."));
  register_layer<Scaled>([](const Json &c) { return Scaled(c.at("units").asInt()); });
  EXPECT_EQ(load_model(folder / "m.keras").get_weights(), model.get_weights());
}

/// The golden with one change.
std::string changed(const TemporaryFolder &folder, const std::function<void(KerasArchive &)> &change) {
  KerasArchive archive = readKerasArchive(std::string(CORNU_GOLDENS) + "/files/sequential.keras");
  change(archive);
  writeKerasArchive(folder / "m.keras", archive);
  try {
    load_model(folder / "m.keras");
  } catch (const Error &e) {
    std::string message = e.what();
    EXPECT_TRUE(message.starts_with(folder / "m.keras" + ": ")) << message;
    return message.substr((folder / "m.keras: ").size());
  }
  return "(no error)";
}
Json &layer(KerasArchive &archive, size_t i) { return (*archive.config.find("config")->find("layers")).asList()[i]; }

TEST(Saving, saysWhatDoesNotFit) {
  TemporaryFolder folder;
  EXPECT_EQ(changed(folder, [](KerasArchive &a) { a.weights["layers/dense/vars"].arrays[0] = Array::zeros({3, 7}); }),
            "layers/dense/vars/0 has shape (3, 7), but the config asks for (3, 2)");
  EXPECT_EQ(changed(folder, [](KerasArchive &a) { a.weights["layers/dense/vars"].arrays.pop_back(); }),
            "layers/dense/vars holds 1 array, but Dense 'dense' has 2 (kernel, bias)");
  EXPECT_EQ(changed(folder, [](KerasArchive &a) { a.weights.erase("layers/dense_1/vars"); }),
            "layers/dense_1/vars holds 0 arrays, but Dense 'dense_1' has 2 (kernel, bias)");
  EXPECT_EQ(changed(folder, [](KerasArchive &a) { a.weights["optimizer/vars"].arrays.pop_back(); }).substr(0, 60),
            "optimizer/vars holds 5 arrays, but SGD for 4 weights has 6; ");
  std::string unknown = changed(folder, [](KerasArchive &a) { layer(a, 1)["class_name"] = "Danse"; });
  EXPECT_TRUE(unknown.starts_with("layer 'dense': unknown layer 'Danse'. Did you mean 'Dense'?")) << unknown;
  EXPECT_EQ(changed(folder, [](KerasArchive &a) { layer(a, 1)["config"]["units"] = "two"; }), "layer 'dense': a config value must be an integer. Received: \"two\"");
  EXPECT_EQ(changed(folder, [](KerasArchive &a) { layer(a, 1)["config"].erase("units"); }).substr(0, 75),
            "layer 'dense': a config value must be an object with the key 'units'. Recei");
  EXPECT_EQ(changed(folder, [](KerasArchive &a) { layer(a, 1)["config"]["units"] = -2; }), "Dense 'dense': units must be positive. Received: units=-2");
  EXPECT_TRUE(changed(folder, [](KerasArchive &a) { a.config["compile_config"]["loss"] = "crosentropy"; }).starts_with("unknown loss 'crosentropy'."));
  EXPECT_EQ(changed(folder, [](KerasArchive &a) { a.config["class_name"] = "Moodel"; }), "unknown model class 'Moodel'. Known: 'Sequential', 'Functional'");
}

TEST(Saving, neverTrainedAndOlderFilesLoad) {
  TemporaryFolder folder;
  // Compiled, never trained: iteration and learning rate alone.
  EXPECT_EQ(changed(folder, [](KerasArchive &a) { a.weights["optimizer/vars"].arrays.resize(2); }), "(no error)");
  // Empty groups may be missing, attributes too; dtypes were plain strings up to 3.3.
  EXPECT_EQ(changed(folder, [](KerasArchive &a) {
              a.weights.erase("layers/dropout/vars");
              for (auto &[path, group] : a.weights) group.name.clear();
              layer(a, 1)["config"]["dtype"] = "float32";
            }),
            "(no error)");
  // Keras 2.13: other name of the container, numbers left out; tf-keras keeps no learning rate.
  KerasArchive old = readKerasArchive(std::string(CORNU_GOLDENS) + "/files/sequential.keras");
  Model reference = load_model(std::string(CORNU_GOLDENS) + "/files/sequential.keras");
  old.metadata["keras_version"] = "2.13.1";
  old.weights["_layer_checkpoint_dependencies/dense/vars"] = old.weights["layers/dense/vars"];
  old.weights["_layer_checkpoint_dependencies/dense_2/vars"] = old.weights["layers/dense_1/vars"];
  std::erase_if(old.weights, [](const auto &entry) { return entry.first.starts_with("layers/"); });
  auto &state = old.weights["optimizer/vars"].arrays;
  state.erase(state.begin() + 1);
  writeKerasArchive(folder / "old.keras", old);
  Model model = load_model(folder / "old.keras");
  EXPECT_EQ(model.get_weights(), reference.get_weights());
  EXPECT_EQ(model.optimizer().variables()[2].value(), reference.optimizer().variables()[2].value());
}

TEST(Saving, keras2GraphsLoad) {
  // inbound_nodes as lists, batch_input_shape, "Model", and a nested model that counts its own node.
  Model model = model_from_json(R"({"class_name": "Model", "config": {"name": "model_1", "layers": [
    {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 3], "dtype": "float32", "sparse": false, "name": "input_1"}, "name": "input_1", "inbound_nodes": []},
    {"class_name": "Sequential", "config": {"name": "sequential_1", "layers": [{"class_name": "Dense", "config": {"name": "dense_1", "trainable": true,
      "batch_input_shape": [null, 3], "dtype": "float32", "units": 2, "activation": "relu", "use_bias": true,
      "kernel_initializer": {"class_name": "VarianceScaling", "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": null}},
      "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": null}}]}, "name": "sequential_1", "inbound_nodes": [[["input_1", 0, 0, {}]]]},
    {"class_name": "Concatenate", "config": {"name": "c", "trainable": true, "axis": -1}, "name": "c", "inbound_nodes": [[["sequential_1", 1, 0, {}], ["input_1", 0, 0, {}]]]}],
    "input_layers": [["input_1", 0, 0]], "output_layers": [["c", 0, 0]]}, "keras_version": "2.2.4", "backend": "tensorflow"})");
  EXPECT_EQ(model.output().shape(), (Shape{-1, 5}));
  EXPECT_EQ(model.count_params(), 8);
}

// Hostile files: one value of the config replaced.

Json *pick(Json &json, uint64_t &countdown) {
  if (countdown-- == 0) return &json;
  if (json.isList()) {
    for (Json &item : json.asList())
      if (Json *found = pick(item, countdown)) return found;
  } else if (json.isObject()) {
    for (auto &[key, value] : json.asObject())
      if (Json *found = pick(value, countdown)) return found;
  }
  return nullptr;
}

TEST(Saving, damagedConfigsGiveOneError) {
  TemporaryFolder folder;
  const char *count = std::getenv("CORNU_FUZZ");
  uint64_t cases = count ? std::strtoull(count, nullptr, 10) : 150;
  const Json junk[] = {nullptr, true, -1, 0, 1, 3, int64_t(1) << 62, 100000000, 1e300, -0.5, std::nan(""), "", "dense", "relu", "a", Json::list(), Json::object(),
                       Json::list({1, 2}), Json::list({nullptr, -3, 1}), Json::list({"dense", 0, 0}), Json::list({"whole", 7, -1})};
  for (const char *name : {"/files/sequential.keras", "/files/nested.keras"}) {
    KerasArchive good = readKerasArchive(std::string(CORNU_GOLDENS) + name);
    for (uint64_t n = 0; n < cases; ++n) {
      KerasArchive bad = good;
      auto words = philox::element(n, 7, 0);
      Json *place = nullptr;
      for (uint64_t at = words[0]; !place; at = at / 2) {
        uint64_t countdown = at % 4096;
        place = pick(bad.config, countdown);
      }
      *place = junk[words[1] % std::size(junk)];
      writeKerasArchive(folder / "m.keras", bad);
      try {
        load_model(folder / "m.keras");
      } catch (const UserError &e) {
        EXPECT_TRUE(std::string(e.what()).starts_with(folder / "m.keras")) << e.what();
        if (count) std::cerr << std::string(e.what()).substr(folder.path.size() + 1) << "\n";
      } catch (const EnvironmentError &e) {
        EXPECT_TRUE(std::string(e.what()).starts_with(folder / "m.keras")) << e.what();
        if (count) std::cerr << "E " << std::string(e.what()).substr(folder.path.size() + 1) << "\n";
      }
    }
  }
}

} // namespace
