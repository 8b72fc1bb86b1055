// Files whose Inputs leave extents open: (None, None, 3), (None,).
#include <gtest/gtest.h>

#include "cornu/cornu.h"
#include "frontend/saving/json.h"
#include "frontend/saving/npy.h"
#include "test/unit/files_testing.h"
#include "test/unit/messages.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

std::string golden(const std::string &name, const char *file) { return std::string(CORNU_GOLDENS) + "/" + name + "/" + file; }
Model goldenModel(const std::string &name) { return load_model(golden(name, "model.keras")); }
Array only(const std::string &name, const char *file) { return load_npz(golden(name, file)).at(0).second; }

void expectNear(const Array &got, const Array &wanted) {
  ASSERT_EQ(got.shape(), wanted.shape());
  for (int64_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got.at(i), wanted.at(i), 1e-5) << i;
}

/// One model meets data of two extents, and goes back to the first.
void expectAnyExtents(const std::string &name, const std::string &other) {
  Model model = goldenModel(name);
  EXPECT_FALSE(model.built());
  for (const std::string &now : {name, other, name}) expectNear(model.predict(only(now, "x.npz"), {.verbose = 0}), only(now, "start.npz"));
}
TEST(OpenExtents, sequencesOfAnyLength) { expectAnyExtents("open_sequence", "open_sequence_longer"); }
TEST(OpenExtents, imagesOfAnySize) { expectAnyExtents("open_image", "open_image_larger"); }

std::vector<Batch> twoLengths() {
  std::vector<Batch> batches;
  for (int64_t from : {0, 8})
    for (const char *name : {"open_sequence", "open_sequence_longer"}) batches.push_back({only(name, "x.npz").rows(from, from + 8), only(name, "y.npz").rows(from, from + 8)});
  return batches;
}

TEST(OpenExtents, batchesOfAnEpochDifferInLength) {
  Model all = goldenModel("open_sequence"), each = goldenModel("open_sequence");
  all.fit(Batches(twoLengths()), {.verbose = 0, .shuffle = false});
  for (const Batch &batch : twoLengths()) each.train_on_batch(batch.x, batch.y);
  std::vector<Array> one = all.get_weights(), other = each.get_weights();
  ASSERT_EQ(one.size(), other.size());
  for (size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i], other[i]) << i;
}

TEST(OpenExtents, validationOfAnotherLength) {
  Model model = goldenModel("open_sequence"), alone = goldenModel("open_sequence");
  FitOptions options{.batch_size = 8, .epochs = 2, .verbose = 0, .shuffle = false};
  alone.fit(only("open_sequence", "x.npz"), only("open_sequence", "y.npz"), options);
  options.validation_data = {only("open_sequence_longer", "x.npz"), only("open_sequence_longer", "y.npz")};
  model.fit(only("open_sequence", "x.npz"), only("open_sequence", "y.npz"), options);
  EXPECT_EQ(model.get_weights(), alone.get_weights());
}

TEST(OpenExtents, outputsOfDifferentExtentsAreNotJoined) {
  Model model = goldenModel("open_sequence");
  EXPECT_EQ(messageOf([&] { model.predict(Batches(twoLengths()), {.verbose = 0}); }),
            "predict: to be joined the outputs of all batches must have the same extents beside the batch; predict_on_batch gives each alone. Received: (8, 9, 3) after (8, 5, 3)");
}

/// The Inputs of a saved config, nested ones too.
void collectInputs(const Json &json, std::vector<Json> &found) {
  if (json.isList()) {
    for (const Json &item : json.asList()) collectInputs(item, found);
  } else if (json.isObject()) {
    if (json.get("class_name") == Json("InputLayer")) found.push_back(json.at("config").at("batch_shape"));
    for (const auto &[key, value] : json.asObject()) collectInputs(value, found);
  }
}

TEST(OpenExtents, savedAgainTheyStayOpen) {
  TemporaryFolder folder;
  Model model = goldenModel("open_image");
  Array x = only("open_image", "x.npz"), larger = only("open_image_larger", "x.npz");
  Array before = model.predict(x, {.verbose = 0});
  std::vector<Json> inputs;
  collectInputs(Json::parse(model.to_json(), "json"), inputs);
  ASSERT_EQ(inputs.size(), 2u);
  for (const Json &shape : inputs) EXPECT_EQ(shape.dump(), "[null, null, null, 3]");
  model.save(folder / "again.keras");
  Model back = load_model(folder / "again.keras");
  EXPECT_EQ(back.input_shapes(), (std::vector<Shape>{{-1, -1, -1, 3}}));
  expectNear(back.predict(larger, {.verbose = 0}), only("open_image_larger", "start.npz"));
  EXPECT_EQ(back.predict(x, {.verbose = 0}), before);
}

TEST(OpenExtents, builtForExtents) {
  Model model = goldenModel("open_sequence");
  EXPECT_EQ(model.input_names(), std::vector<std::string>{"x"});
  EXPECT_EQ(model.output_names(), std::vector<std::string>{"y"});
  std::string rule = "Functional '" + model.name() + "': the extents of its inputs must be known: build it for them, or fit it to data first. Received: Input 'x' of shape (None, None)";
  EXPECT_EQ(messageOf([&] { model.summary_text(); }), rule);
  EXPECT_EQ(messageOf([&] { model.outputs(); }), rule);
  EXPECT_EQ(messageOf([&] { model.build({{-1, 7, 2}}); }), "InputLayer 'x': data must have shape (None, None). Received: shape=(None, 7, 2)");
  EXPECT_EQ(messageOf([&] { model.build({{-1, 7}, {-1, 7}}); }), "Functional '" + model.name() + "': build takes the shape of its input. Received: 2");
  EXPECT_FALSE(model.built());
  model.build({{-1, 7}});
  EXPECT_EQ(model.output().shape(), (Shape{-1, 7, 3}));
  EXPECT_NE(model.summary_text().find("(None, 7, 3)"), std::string::npos);
  EXPECT_EQ(messageOf([&] { model.predict(Array({4, 7, 3}, DType::Int32), {.verbose = 0}); }),
            "predict: x must have shape (None, None) with at least one row. Received: shape=(4, 7, 3)");
}

TEST(OpenExtents, aModelIsCalledOnTensorsOfAnyExtents) {
  Model model = goldenModel("open_image");
  auto x = Input({13, 10, 3});
  Model at(x, model(x));
  expectNear(at.predict(only("open_image_larger", "x.npz"), {.verbose = 0}), only("open_image_larger", "start.npz"));
}

TEST(OpenExtents, weightsThatDependOnAnExtentSayWhichOneFits) {
  // Keras makes no such file: the file's extents are opened here.
  TemporaryFolder folder;
  auto x = Input({5, 3}, {.name = "x"});
  Model made(x, Dense(2, {.name = "y"})(Flatten()(x)));
  std::string text = made.to_json(), closed = "\"batch_shape\": [null, 5, 3]";
  ASSERT_NE(text.find(closed), std::string::npos);
  text.replace(text.find(closed), closed.size(), "\"batch_shape\": [null, null, 3]");
  Model open = model_from_json(text);
  open.build({{-1, 5, 3}});
  EXPECT_NO_THROW(open.predict(Array({2, 5, 3}, DType::Float32), {.verbose = 0}));
  std::string error = messageOf([&] { open.predict(Array({2, 7, 3}, DType::Float32), {.verbose = 0}); });
  EXPECT_NE(error.find("Dense 'y'"), std::string::npos) << error;
  EXPECT_NE(error.find("21"), std::string::npos) << error;
  EXPECT_NO_THROW(open.predict(Array({2, 5, 3}, DType::Float32), {.verbose = 0})); // still usable
}

TEST(OpenExtents, sequentialOfAnyLength) {
  Sequential model({InputLayer({-1, 4}), GRU(3), Dense(1)});
  EXPECT_EQ(model.input_shapes(), (std::vector<Shape>{{-1, -1, 4}}));
  EXPECT_EQ(model.predict(Array({2, 6, 4}, DType::Float32), {.verbose = 0}).shape(), (Shape{2, 1}));
  EXPECT_EQ(model.predict(Array({2, 3, 4}, DType::Float32), {.verbose = 0}).shape(), (Shape{2, 1}));
  EXPECT_EQ(messageOf([] { Input({-1, 4}, {.name = "x"}); }), "InputLayer 'x': every extent of shape must be positive; the batch is left out. Received: shape=(None, 4)");
}

} // namespace
