// Embedding: lookup, training, and numbers that name no row.
#include <gtest/gtest.h>

#include "test/unit/files_testing.h"
#include "test/unit/layer_conformance.h"

using namespace cornu;
using namespace cornu::testing;

namespace {
Model lookup(const std::string &dtype, EmbeddingOptions options = {}) {
  auto x = Input({2}, {.dtype = dtype, .name = "ids"});
  options.weights = {Array({0.f, 1.f, 10.f, 11.f, 20.f, 21.f}, {3, 2})};
  options.name = "emb";
  return Model(x, Embedding(3, 2, options)(x));
}
} // namespace

TEST(EmbeddingLayer, TakesRowsByNumbersOfAnyType) {
  for (const char *dtype : {"int8", "int32", "int64", "float32"}) {
    Array y = lookup(dtype).predict(Array({2.f, 0.f, 1.f, -1.f}, {2, 2}), {.verbose = 0});
    EXPECT_EQ(y, Array({20.f, 21.f, 0.f, 1.f, 10.f, 11.f, 20.f, 21.f}, {2, 2, 2})) << dtype;
  }
}

TEST(EmbeddingLayer, AnIndexOutsideIsAnErrorAndTheModelGoesOn) {
  Model model = lookup("int32");
  auto predict = [&](float id) { return model.predict(Array({0.f, 1.f, 2.f, id}, {2, 2}), {.verbose = 0}); };
  try {
    predict(3);
    FAIL() << "no error";
  } catch (const UserError &error) {
    EXPECT_STREQ(error.what(), "predict: input 'ids': an index into 'emb' must be at least -3 and less than 3. Received: 3 in sample 1");
  }
  EXPECT_THROW(predict(-4), UserError);
  EXPECT_EQ(predict(2).at(6), 20);
  model.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_THROW(model.fit(Array({0.f, 9.f}, {1, 2}), Array::zeros({1, 2, 2}), {.verbose = 0}), UserError);
  EXPECT_NO_THROW(model.fit(Array({0.f, 2.f}, {1, 2}), Array::zeros({1, 2, 2}), {.verbose = 0}));
}

TEST(EmbeddingLayer, TrainsCompiledAsInterpreted) {
  std::vector<std::vector<Array>> trained;
  for (bool interpreted : {false, true}) {
    set_random_seed(3);
    auto x = Input({4}, {.dtype = "int32"});
    Model model(x, Dense(1)(Flatten()(Embedding(6, 5, {.embeddings_regularizer = regularizers::L2(0.01)})(x))));
    model.compile({.optimizer = SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = "mse", .run_eagerly = interpreted});
    Array ids({0.f, 1.f, 2.f, 0.f, 5.f, 5.f, 5.f, 5.f, 1.f, 0.f, -1.f, 2.f}, {3, 4});
    for (int step = 0; step < 3; ++step) model.train_on_batch(ids, Array({1.f, -1.f, 0.5f}, {3, 1}));
    trained.push_back(model.get_weights());
  }
  for (size_t i = 0; i < trained[0].size(); ++i)
    for (int64_t j = 0; j < trained[0][i].size(); ++j) EXPECT_NEAR(trained[0][i].at(j), trained[1][i].at(j), 1e-5);
}

TEST(EmbeddingLayer, IsSavedAndMasks) {
  Model model = lookup("int32", {.mask_zero = true});
  TemporaryFolder folder;
  model.save(folder / "m.keras");
  Model loaded = load_model(folder / "m.keras");
  EXPECT_EQ(loaded.get_layer("emb").get_config().dump(), model.get_layer("emb").get_config().dump());
  EXPECT_EQ(loaded.get_weights(), model.get_weights());
  EXPECT_TRUE(loaded.output().masked());
  EXPECT_FALSE(lookup("int32").output().masked());
}

TEST(EmbeddingLayer, Messages) {
  EXPECT_THROW(Embedding(0, 2), UserError);
  EXPECT_THROW(Embedding(2, 0), UserError);
  EXPECT_THROW(Embedding(2, 2, {.weights = {Array::zeros({3, 2})}})(Input({2})), UserError);
}
